import { type Box, newActorId, type ObjectId, parseUserId, Replica, type Scene } from '@weft/core';
import { district } from '../../scene/district.ts';

const NOW_MS = Date.UTC(2026, 0, 2);

/** One object as a program without a graph would hold it, with its place in the world already worked out. */
export interface Row {
  readonly id: ObjectId;
  readonly box: Box;
  readonly [component: string]: unknown;
}

export interface QueriedWorld {
  readonly replica: Replica;
  readonly scene: Scene;
  readonly rows: readonly Row[];
}

export function queriedWorld(seed: string, count: number): QueriedWorld {
  const actor = newActorId((length) => new Uint8Array(length));
  const replica = new Replica({ actor, now: () => NOW_MS });
  replica.receive(district({ seed, count, user: parseUserId('@bench:localhost') }), 'matrix');
  const { scene } = replica;
  if (scene.size !== count) throw new Error(`query: ${scene.size} objects of ${count}`);
  return { replica, scene, rows: [...rowsOf(scene)] };
}

function* rowsOf(scene: Scene): Generator<Row> {
  for (const id of scene.ids()) {
    const object = scene.get(id);
    const box = scene.box(id);
    if (object === undefined || box === null) throw new Error('query: an object is nowhere');
    const components: Record<string, unknown> = {};
    for (const name of object.componentNames) components[name] = { ...object.component(name) };
    yield { ...components, id, box };
  }
}
