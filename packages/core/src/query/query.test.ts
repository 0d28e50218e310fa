import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BASE_TIME } from '../../test/arbitraries.ts';
import { history, TREE_IDS } from '../../test/history.ts';
import { WeftError } from '../errors.ts';
import { newActorId, parseObjectId, parsePath, ROOT } from '../ids.ts';
import { patchOf } from '../register/patch.ts';
import { RegisterStore } from '../register/register-store.ts';
import { Reduction } from '../scene/reduction.ts';
import type { Scene } from '../scene/scene.ts';
import { parseTime } from '../stamp/stamp.ts';
import { canonicalJson } from '../value/canonical.ts';
import type { Value } from '../value/value.ts';
import { MAX_QUERY_CONDITIONS, MAX_QUERY_RESULTS, type ObjectQuery } from './object-query.ts';
import { query } from './query.ts';

const actor = newActorId((length) => new Uint8Array(length));
const KEYS = ['kind', 'name', 'tag', 'parent', 'component', 'where', 'within', 'limit'] as const;

const everything = fc.record({
  kind: fc.constantFrom('lamp', 'room', 'nothing'),
  name: fc.constantFrom('Lamp', 'Oak table'),
  tag: fc.constantFrom('x', 'y', 'z'),
  parent: fc.constantFrom<string>(...TREE_IDS),
  component: fc.constantFrom('node', 'transform', 'acme:door', 'light'),
  where: fc.dictionary(
    fc.constantFrom('acme:door.open', 'node.order', 'transform.position', 'node.tags'),
    fc.constantFrom(true, null, { by: ['x'] }, 'a0', [1, 0, 0], ['x', 'y']),
    { maxKeys: 2, noNullPrototype: true },
  ),
  within: fc.record({
    sphere: fc.record({
      center: fc.tuple(fc.constantFrom(0, 1, 40, -20), fc.constantFrom(0, 2), fc.constantFrom(0, -1.5, -9)),
      radius: fc.constantFrom(0, 1, 2.5, 50, 1e9),
    }),
  }),
  limit: fc.integer({ min: 1, max: 4 }),
});

/** One to three of the conditions, so that something is found. */
const objectQuery: fc.Arbitrary<ObjectQuery> = fc
  .tuple(everything, fc.subarray([...KEYS], { minLength: 0, maxLength: 3 }))
  .map(([all, keys]) => Object.fromEntries(keys.map((key) => [key, all[key]])));

/** The query as it reads, one object after another. */
function bruteForce(scene: Scene, what: ObjectQuery): readonly string[] {
  const ids = [...scene.ids()].sort().filter((id) => {
    const object = scene.get(id);
    if (object === undefined) return false;
    const at = (path: string) => object.get(parsePath(path)) ?? null;
    const tags = at('node.tags');
    const [x = Number.NaN, y = Number.NaN, z = Number.NaN] = object.worldMatrix.slice(12, 15);
    const { center = [0, 0, 0], radius = Number.POSITIVE_INFINITY } = what.within?.sphere ?? {};
    return (
      (what.kind === undefined || at('node.kind') === what.kind) &&
      (what.name === undefined || at('node.name') === what.name) &&
      (what.tag === undefined || (Array.isArray(tags) && tags.includes(what.tag))) &&
      (what.parent === undefined || object.parent === what.parent) &&
      (what.component === undefined || object.component(what.component) !== undefined) &&
      Object.entries(what.where ?? {}).every(
        ([path, value]) => canonicalJson(at(path)) === canonicalJson(value),
      ) &&
      (what.within === undefined || Math.hypot(x - center[0], y - center[1], z - center[2]) <= radius)
    );
  });
  return ids.slice(0, what.limit);
}

function expectInvalid(what: unknown): void {
  const { scene } = new Reduction(() => undefined);
  try {
    query(scene, Object(what));
  } catch (error) {
    expect(error).toBeInstanceOf(WeftError);
    expect(error).toMatchObject({ code: 'invalid-query' });
    return;
  }
  throw new Error(`${JSON.stringify(what)} was not refused`);
}

/** Houses ten metres apart, a room in each. */
function townOf(store: RegisterStore, side: number) {
  const reduction = new Reduction((id) => store.get(id));
  let ticks = 0;
  const write = (objects: readonly (readonly [string, Readonly<Record<string, Value>>])[]) => {
    ticks += 1;
    const stamp = { time: parseTime(BASE_TIME + ticks), actor };
    const registers = objects.flatMap(([name, words]) =>
      Object.entries(words).map(([path, value]) => ({
        id: parseObjectId(name),
        path: parsePath(path),
        register: { value, stamp },
      })),
    );
    reduction.apply(store.join(patchOf({ registers })), 'live');
  };
  const houses = Array.from({ length: side * side }, (_, at) => at);
  write(
    houses.flatMap((at) => [
      [`house-${at}`, { 'transform.position': [(at % side) * 10, 0, Math.floor(at / side) * 10] }],
      [`room-${at}`, { 'node.parent': `house-${at}`, 'transform.position': [3, 0, 0] }],
    ]),
  );
  return { scene: reduction.scene, write };
}

function expectNear(scene: Scene, center: readonly [number, number, number]): void {
  const what: ObjectQuery = { within: { sphere: { center, radius: 12 } } };
  expect(query(scene, what).map(({ id }) => id)).toEqual(bruteForce(scene, what));
}

describe('query', () => {
  it('[Q1] finds what reading every object finds, before and after every change', () => {
    let found = 0;
    fc.assert(
      fc.property(history, fc.array(objectQuery, { minLength: 1, maxLength: 6 }), (patches, queries) => {
        const store = new RegisterStore();
        const reduction = new Reduction((id) => store.get(id));
        for (const patch of patches) {
          reduction.apply(store.join(patch), 'matrix');
          for (const what of queries) {
            const ids = query(reduction.scene, what).map(({ id }) => id);
            expect(ids).toEqual(bruteForce(reduction.scene, what));
            found += ids.length;
          }
        }
      }),
      propertySettings(400),
    );
    expect(found).toBeGreaterThan(200);
  });

  it('[Q1] finds what is near in a town whose houses and rooms move about', () => {
    const SIDE = 15;
    const towns = fc.array(
      fc.record({
        house: fc.nat({ max: SIDE * SIDE - 1 }),
        room: fc.boolean(),
        to: fc.tuple(fc.integer({ min: -10, max: 150 }), fc.constant(0), fc.integer({ min: -10, max: 150 })),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(towns, (moves) => {
        const store = new RegisterStore();
        const { scene, ...reduction } = townOf(store, SIDE);
        for (const { house, room, to } of moves) {
          expectNear(scene, to);
          reduction.write([[`${room ? 'room' : 'house'}-${house}`, { 'transform.position': to }]]);
          expectNear(scene, to);
        }
        reduction.write(moves.map(({ house }) => [`house-${house}`, { 'node.deleted': true }]));
        for (const { to } of moves) expectNear(scene, to);
      }),
      propertySettings(60),
    );
  });

  it('[Q2] refuses what it does not understand, rather than leaving it out', () => {
    for (const what of [
      { nmae: 'Lamp' },
      { kind: 5 },
      { name: 'x'.repeat(257) },
      { parent: 'no/id' },
      { component: '__proto__' },
      { where: [] },
      { where: { 'light.': 1 } },
      { where: { light: 1 } },
      { where: { 'light.intensity': Number.NaN } },
      { where: { 'light.intensity': 'x'.repeat(5000) } },
      { within: {} },
      { within: { sphere: { center: [0, 0], radius: 1 } } },
      { within: { sphere: { center: [0, 0, '0'], radius: 1 } } },
      { within: { sphere: { center: [0, 0, 0], radius: -1 } } },
      { within: { sphere: { center: [0, 0, 0], radius: Number.POSITIVE_INFINITY } } },
      { limit: 0 },
      { limit: 1.5 },
    ])
      expectInvalid(what);
  });

  it('[Q2] accepts at the bounds and refuses one past them', () => {
    const { scene } = new Reduction(() => undefined);
    const where = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`acme:a.p${at}`, 1]));
    expect(query(scene, { limit: MAX_QUERY_RESULTS, where: where(MAX_QUERY_CONDITIONS) })).toEqual([]);
    expectInvalid({ limit: MAX_QUERY_RESULTS + 1 });
    expectInvalid({ where: where(MAX_QUERY_CONDITIONS + 1) });
    expect(query(scene, { parent: ROOT, name: 'x'.repeat(256) })).toEqual([]);
  });
});
