import fc from 'fast-check';
import {
  type Filter,
  newActorId,
  type ObjectQuery,
  type Patch,
  type Path,
  parsePath,
  parseTime,
  patchOf,
  type Value,
  type Within,
} from '../src/index.ts';
import { BASE_TIME } from './arbitraries.ts';
import { history, TREE_IDS } from './history.ts';
import type { OracleQuery } from './query-oracle.ts';
import { selector, selectorText } from './random-selector.ts';

const ACTOR = newActorId((length) => new Uint8Array(length));
const METRES = fc.constantFrom(0, 1, 2.5, 40, -20, -1.5, -9);
const point = fc.tuple(METRES, METRES, METRES);

/** Values that queries look at, beside those that build the tree: numbers, lists, sizes, texts. */
const worldValues: Readonly<Record<string, fc.Arbitrary<Value>>> = {
  'light.intensity': fc.constantFrom<Value>(0, 0.5, 2, 10, -3, 'bright', [1, 20], null),
  'node.name': fc.constantFrom<Value>('Lamp', 'Oak table', 'Café', 'LÁMP two', 'ﬁne', null),
  'node.tags': fc.constantFrom<Value>(['x'], ['y', 'x'], ['z', 'two words'], [], null),
  'node.owner': fc.constantFrom<Value>('@ann:a.org', '@bob:b.org', null),
  'text.value': fc.constantFrom<Value>('an oak and a lamp', 'ÉTÉ', null),
  'mesh.bounds': fc.constantFrom<Value>(
    { min: [-1, 0, -1], max: [1, 2, 1] },
    { min: [5, 5, 5], max: [-20, 6, 30] },
    { min: [-500, -500, -500], max: [500, 500, 500] },
    { min: [0, 0] },
    null,
  ),
  'primitive.size': fc.constantFrom<Value>([1, 1, 1], [64, 2, 4], [0, 0, 0], 'large', null),
  'primitive.shape': fc.constantFrom<Value>('box', 'plane', null),
  'acme:door.list': fc.constantFrom<Value>([1, 2, 3], [[1, 2], 3], [{ a: 1 }, { a: 2, b: 'x' }], [], 7, null),
  'acme:door.open': fc.constantFrom<Value>(true, false, { by: ['x'] }, { by: ['x'], at: 3 }, null),
};

const worldEntry = fc.constantFrom(...Object.keys(worldValues)).chain((name) =>
  fc.record({
    id: fc.constantFrom(...TREE_IDS.slice(0, 8)),
    path: fc.constant<Path>(parsePath(name)),
    register: fc.record({
      value: worldValues[name] ?? fc.constant(null),
      stamp: fc.record({
        time: fc.nat({ max: 60 }).map((ticks) => parseTime(BASE_TIME + ticks)),
        actor: fc.constant(ACTOR),
      }),
    }),
  }),
);

/** Random trees, with what there is to look for in them. */
export const queriedHistory: fc.Arbitrary<readonly Patch[]> = fc
  .tuple(
    history,
    fc.array(
      fc.array(worldEntry, { minLength: 1, maxLength: 14 }).map((registers) => patchOf({ registers })),
      { minLength: 1, maxLength: 8 },
    ),
  )
  .map(([trees, values]) =>
    Array.from({ length: Math.max(trees.length, values.length) }, (_, at) => [trees[at], values[at]])
      .flat()
      .filter((patch) => patch !== undefined),
  );

const operand: fc.Arbitrary<Value> = fc.constantFrom<Value>(
  0,
  2,
  10,
  -3,
  'Lamp',
  'bright',
  true,
  false,
  null,
  'x',
  [1, 2],
  3,
  { by: ['x'] },
  { a: 1 },
  [1, 20],
  '@ann:a.org',
  'lamp',
);
const operators: fc.Arbitrary<Filter> = fc.letrec<{ all: Filter }>((tie) => ({
  all: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    fc.record({ $eq: operand }),
    fc.record({ $ne: operand }),
    fc
      .record(
        {
          $gt: fc.constantFrom(-3, 0, 2, 'L'),
          $gte: fc.constantFrom(0, 2),
          $lt: fc.constantFrom(10, 2, 'a'),
          $lte: fc.constantFrom(2, 'Oak table', 20),
        },
        { requiredKeys: [] },
      )
      .filter((each) => Object.keys(each).length > 0),
    fc.record({ $in: fc.array(operand, { minLength: 1, maxLength: 4 }) }),
    fc.record({ $nin: fc.array(operand, { minLength: 1, maxLength: 4 }) }),
    fc.record({ $exists: fc.boolean() }),
    fc.record({ $size: fc.nat({ max: 3 }) }),
    fc.record({
      $all: fc.array(fc.constantFrom<Value>(1, 2, 3, 'x', { a: 1 }, [1, 2]), { minLength: 1, maxLength: 2 }),
    }),
    fc.record({ $prefix: fc.constantFrom('', 'L', 'Oak', 'x') }),
    fc.record({ $contains: fc.constantFrom('a', 'w', ' ') }),
    fc.record({ $not: tie('all') }),
    fc.record({ $elemMatch: tie('all') }),
    fc.record({ $elemMatch: fc.record({ a: tie('all') }) }),
    fc.record({ $elemMatch: fc.constantFrom({ a: 1 }, { b: 'x' }, { a: { $gt: 1 }, b: { $exists: true } }) }),
  ),
})).all;

const path = fc.constantFrom(
  'light.intensity',
  'node.name',
  'node.kind',
  'node.tags',
  'node.owner',
  'acme:door.list',
  'acme:door.open',
  'node.order',
  'acme:door.open.by',
  'acme:door.list.a',
  'acme:door.list.1',
  'acme:door.list.0.a',
  'acme:door.open.at',
  'transform.position',
  'transform.position.0',
  'mesh.bounds.min.1',
);

const where: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    fc.dictionary(path, fc.oneof(operand, operators), { minKeys: 1, maxKeys: 2, noNullPrototype: true }),
    fc
      .constantFrom('$and', '$or', '$nor')
      .chain((name) =>
        fc.array(tie('filter'), { minLength: 1, maxLength: 3 }).map((parts) => ({ [name]: parts })),
      ),
  ),
})).filter;

const plane = fc.tuple(
  fc.constantFrom(-1, 0, 1),
  fc.constantFrom(-1, 0, 2),
  fc.constantFrom(-1, 0, 1),
  METRES,
);

const within: fc.Arbitrary<Within> = fc.oneof(
  fc.record({ sphere: fc.record({ center: point, radius: fc.constantFrom(0, 1, 2.5, 50, 1e9) }) }),
  fc.record({ box: fc.record({ min: point, max: point }) }),
  fc.record({
    frustum: fc.record({
      planes: fc.oneof(
        fc.array(plane, { minLength: 6, maxLength: 6 }),
        point.map(([x, y, z]) => [
          [1, 0, 0, 8 - x] as const,
          [-1, 0, 0, 8 + x] as const,
          [0, 1, 0, 8 - y] as const,
          [0, -1, 0, 8 + y] as const,
          [0, 0, 1, 8 - z] as const,
          [0, 0, -1, 8 + z] as const,
        ]),
      ),
    }),
  }),
  fc.record({
    ray: fc.record(
      {
        origin: point,
        direction: fc.constantFrom([1, 0, 0] as const, [0, -2, 0] as const, [0, 0, 4] as const),
        maxDistance: fc.constantFrom(1, 30, 1e6),
        first: fc.boolean(),
      },
      { requiredKeys: ['origin', 'direction'] },
    ),
  }),
);

const conditions = {
  kind: fc.constantFrom('lamp', 'room', 'nothing'),
  name: fc.constantFrom('Lamp', 'Oak table'),
  tag: fc.constantFrom('x', 'y', 'z'),
  parent: fc.constantFrom<string>(...TREE_IDS),
  descendantsOf: fc.constantFrom<string>(...TREE_IDS),
  component: fc.constantFrom('node', 'transform', 'acme:door', 'light'),
  where,
  text: fc.constantFrom('lamp', 'OAK', 'café', 'cafe', 'fine', 'two lamp', 'ete', 'nothing at all'),
  within,
  selector,
};

const order = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.record({
      sort: fc.dictionary(path, fc.constantFrom<1 | -1>(1, -1), {
        minKeys: 1,
        maxKeys: 2,
        noNullPrototype: true,
      }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ nearest: fc.record({ to: point, k: fc.integer({ min: 1, max: 5 }) }) }),
  },
);

/** Zero to three conditions, so that something is found, and perhaps an order. */
export const oracleQuery: fc.Arbitrary<OracleQuery> = fc
  .tuple(fc.record(conditions), fc.subarray(Object.keys(conditions), { maxLength: 3 }), order)
  .map(([all, names, ordered]) => {
    const chosen = Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
    const isRay = 'within' in chosen && 'ray' in Object(chosen.within);
    return { ...chosen, ...(isRay ? {} : ordered) };
  });

/** The same query, its selector as text. */
export function textQuery({ selector: steps, ...rest }: OracleQuery): ObjectQuery {
  return steps === undefined ? rest : { ...rest, select: selectorText(steps) };
}
