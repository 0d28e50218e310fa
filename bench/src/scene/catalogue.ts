import {
  newActorId,
  newObjectId,
  type ObjectId,
  type Patch,
  parsePath,
  parseUserId,
  patchOf,
  type RandomBytes,
  type RegisterEntry,
  ROOT,
  timeFromMs,
  toBase64Url,
  type Value,
} from '@weft/core';

/** What the generator draws from; a `SeededRandom` fits. */
export interface Draws {
  readonly bytes: RandomBytes;
  below(limit: number): number;
}

/** How the numbers of a world came about. */
export type Numbers =
  /** Placed by people: millimetres, quaternions to four decimals, sizes to two. */
  | 'rounded'
  /** Computed: every number has all 53 bits. */
  | 'full';

/** When everything in the world was written. */
export const START_MS = Date.UTC(2026, 0, 1);
const ASSETS = 50;
const OBJECTS_A_GROUP = 20;
const HALF_WIDTH_METRES = 100;
const WORDS = ['Oak table', 'Chair', 'Lamp', 'Bench', 'Poplar', 'Fountain', 'Booth', 'Door', 'Crate', 'Sign'];

/**
 * A flat catalogue of objects, each with parent, name, position, rotation, scale and asset reference: the world by
 * which stores of scene graphs are compared. About 240 bytes an object as plain JSON.
 */
export function catalogueWorld(random: Draws, count: number, numbers: Numbers = 'rounded'): Patch {
  const stamp = { time: timeFromMs(START_MS), actor: newActorId(random.bytes) };
  const assets = Array.from(
    { length: ASSETS },
    () => `mxc://example.org/${toBase64Url(random.bytes(18)).replace(/[-_]/g, 'x')}`,
  );
  const groups: ObjectId[] = [ROOT];
  const registers: RegisterEntry[] = [];
  for (let at = 0; at < count; at++) {
    const id = newObjectId(random.bytes);
    const parts = objectParts(random, numbers, {
      parent: groups[random.below(groups.length)] ?? ROOT,
      src: assets[random.below(ASSETS)] ?? '',
    });
    for (const [path, value] of Object.entries(parts))
      registers.push({ id, path: parsePath(path), register: { value, stamp } });
    if (at % OBJECTS_A_GROUP === 0) groups.push(id);
  }
  const owner = parseUserId('@ann:example.org');
  return patchOf({ registers, actors: [[stamp.actor, [owner]]] });
}

/** The same world as rows of plain JSON, as a store without stamps would send them. */
export function catalogueRows(world: Patch): readonly { readonly [property: string]: Value }[] {
  return [...world.objects].map(([id, { registers }]) => ({
    id,
    ...Object.fromEntries(
      [...registers].map(([path, { value }]) => [path.slice(path.indexOf('.') + 1), value]),
    ),
  }));
}

function objectParts(
  random: Draws,
  numbers: Numbers,
  { parent, src }: { parent: ObjectId; src: string },
): Readonly<Record<string, Value>> {
  const fraction = () => random.below(2 ** 32) / 2 ** 32 + random.below(2 ** 21) / 2 ** 53;
  const round = (number: number, steps: number) =>
    numbers === 'full' ? number : Math.round(number * steps) / steps + 0;
  const coordinate = () => round((fraction() * 2 - 1) * HALF_WIDTH_METRES, 1000);
  // Shoemake's uniform random rotation.
  const [share, first, second] = [fraction(), fraction() * 2 * Math.PI, fraction() * 2 * Math.PI];
  const [left, right] = [Math.sqrt(1 - share), Math.sqrt(share)];
  const rotation = [
    left * Math.sin(first),
    left * Math.cos(first),
    right * Math.sin(second),
    right * Math.cos(second),
  ];
  const size = round(0.5 + fraction() * 2, 100);
  return {
    'node.parent': parent,
    'node.name': `${WORDS[random.below(WORDS.length)]} ${random.below(10_000)}`,
    'transform.position': Object.freeze([coordinate(), coordinate(), coordinate()]),
    'transform.rotation': Object.freeze(rotation.map((member) => round(member, 10_000))),
    'transform.scale': Object.freeze([size, size, size]),
    'mesh.src': src,
  };
}
