import { createHash } from 'node:crypto';
import type { World } from '@weft/world';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { CommandError } from '../failure.ts';
import { matrixRequest } from '../stack/matrix-http.ts';
import type { Place } from '../stack/place.ts';

const OBJECT_EVENT = 'world.weft.object';

const RoomState = Type.Array(
  Type.Object({
    type: Type.String(),
    state_key: Type.String(),
    content: Type.Record(Type.String(), Type.Unknown()),
  }),
);

/** Something that is the same exactly when what it was made from is the same. */
export interface Digest {
  readonly count: number;
  readonly sha256: string;
}

/** Of all that a client shows: tree, order, and every value of every component. */
export function sceneDigest(world: World): Digest {
  return { count: [...world.ids()].length, sha256: world.hash() };
}

/** Of all that the room holds: every register with its stamp, as the homeserver returns it. */
export async function stateDigest(place: Place, room: string): Promise<Digest> {
  const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/state`;
  const { status, body } = await matrixRequest(place.homeserver, 'GET', path, { token: place.builder.token });
  if (status !== 200 || !Value.Check(RoomState, body)) {
    throw new CommandError(
      'check-failed',
      `The homeserver answered ${status} when asked for the state of the room.`,
    );
  }
  return digest(
    body
      .filter(({ type }) => type === OBJECT_EVENT)
      .map(({ state_key, content }) => `${state_key} ${JSON.stringify(sorted(content))}`),
  );
}

function digest(lines: readonly string[]): Digest {
  const hash = createHash('sha256');
  for (const line of [...lines].sort()) hash.update(line).update('\n');
  return { count: lines.length, sha256: hash.digest('hex') };
}

/** The same value with the keys of every object in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
