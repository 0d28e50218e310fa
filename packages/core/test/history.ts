import fc from 'fast-check';
import {
  type ActorId,
  isActorId,
  type ObjectId,
  type Patch,
  type Path,
  parseObjectId,
  parsePath,
  parseTime,
  patchOf,
  type RegisterEntry,
  type Value,
} from '../src/index.ts';
import { BASE_TIME } from './arbitraries.ts';

/** Few enough that random parents form chains and cycles; the last two are never written, only named as parents. */
export const TREE_IDS: readonly ObjectId[] = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'root', 'ghost'].map(
  parseObjectId,
);
const ACTORS: readonly ActorId[] = ['actor-aaaaaa', 'actor-bbbbbb'].filter(isActorId);
const NONSENSE: readonly Value[] = [5, true, 'no/id', '__proto__', [1], { x: 1 }];

const valueAt: Readonly<Record<string, fc.Arbitrary<Value>>> = {
  'node.parent': fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom<Value>(...TREE_IDS) },
    { weight: 1, arbitrary: fc.constantFrom<Value>(null, ...NONSENSE) },
  ),
  'node.order': fc.constantFrom<Value>('a0', 'a1', 'Zz', 'a0', 'é', '\u{ff5e}', '😀', null, 5),
  'node.deleted': fc.constantFrom<Value>(true, true, false, null, 'yes'),
  'node.name': fc.constantFrom<Value>('Lamp', 'Oak table', null, 7),
  'node.kind': fc.constantFrom<Value>('lamp', 'room', null, 'not a kind'),
  'node.tags': fc.constantFrom<Value>(['x'], ['x', 'y'], ['y', 'y', 3], 'x', null),
  'transform.position': fc.constantFrom<Value>(
    [1, 0, 0],
    [0, 2, -1.5],
    [40, 0, -9],
    'here',
    [1, 2],
    [1e300, 0, 0],
    null,
  ),
  'transform.rotation': fc.constantFrom<Value>(
    [0, 1, 0, 0],
    [0, 0.5, 0, 0.5],
    [0, 0, 0, 0],
    [0, 0, 0, 2],
    null,
  ),
  'transform.scale': fc.constantFrom<Value>([2, 2, 2], [0, 0, 0], null),
  'acme:door.open': fc.constantFrom<Value>(true, null, { by: ['x'] }),
};

const path: fc.Arbitrary<Path> = fc
  .constantFrom('node.parent', 'node.parent', 'node.parent', ...Object.keys(valueAt))
  .map(parsePath);

const entry: fc.Arbitrary<RegisterEntry> = path.chain((path) =>
  fc.record({
    id: fc.constantFrom(...TREE_IDS.slice(0, -1)),
    path: fc.constant(path),
    register: fc.record({
      value: valueAt[path] ?? fc.constant(null),
      stamp: fc.record({
        time: fc.nat({ max: 40 }).map((ticks) => parseTime(BASE_TIME + ticks)),
        actor: fc.constantFrom(...ACTORS),
      }),
    }),
  }),
);

/** Patches that build trees, tie them into cycles, tear them down, delete, purge and talk nonsense. */
export const treePatch: fc.Arbitrary<Patch> = fc
  .record({
    registers: fc.array(entry, { minLength: 1, maxLength: 8 }),
    purges: fc.oneof(
      { weight: 9, arbitrary: fc.constant([]) },
      {
        weight: 1,
        arbitrary: fc.array(
          fc.tuple(
            fc.constantFrom(...TREE_IDS.slice(0, 8)),
            fc.nat({ max: 40 }).map((ticks) => parseTime(BASE_TIME + ticks)),
          ),
          { maxLength: 2 },
        ),
      },
    ),
  })
  .map(patchOf);

export const history: fc.Arbitrary<Patch[]> = fc.array(treePatch, { minLength: 1, maxLength: 12 });
