import { propertySettings, RUNS_VARIABLE } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bruteForce, expectBoxes } from '../../test/query-oracle.ts';
import { oracleQuery, queriedHistory, textQuery } from '../../test/random-query.ts';
import { townOf } from '../../test/town.ts';
import { WeftError } from '../errors.ts';
import { parsePath, ROOT } from '../ids.ts';
import { RegisterStore } from '../register/register-store.ts';
import { Reduction } from '../scene/reduction.ts';
import type { Scene } from '../scene/scene.ts';
import { MAX_QUERY_CONDITIONS, MAX_QUERY_RESULTS } from './limits.ts';
import type { ObjectQuery } from './object-query.ts';
import { query } from './query.ts';

function reductionOf(store: RegisterStore) {
  const reduction = new Reduction((id) => store.get(id));
  return { scene: reduction.scene, apply: reduction.apply.bind(reduction) };
}

/** All of a query, page by page. */
function pagesOf(scene: Scene, what: ObjectQuery): readonly string[] {
  const ids: string[] = [];
  for (let after: string | null = null; ; ) {
    const page = query(scene, after === null ? what : { ...what, after });
    ids.push(...page.ids);
    if (page.next === null) return ids;
    after = page.next;
  }
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

function expectNear(scene: Scene, center: readonly [number, number, number]): void {
  const what: ObjectQuery = { within: { sphere: { center, radius: 12 } } };
  expect(query(scene, what).ids).toEqual(bruteForce(scene, what));
}

describe('query', () => {
  it('[G1] finds what reading every object finds, in the same order, page by page, before and after every change', () => {
    const seen = { worlds: 0, queries: 0, found: 0, indexed: 0 };
    fc.assert(
      fc.property(
        queriedHistory,
        fc.array(oracleQuery, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        (patches, queries, limit, declares) => {
          const store = new RegisterStore();
          const { scene, ...reduction } = reductionOf(store);
          if (declares)
            for (const path of ['light.intensity', 'node.tags', 'acme:door.list'])
              scene.declareIndex(parsePath(path));
          seen.worlds += 1;
          for (const patch of patches) {
            reduction.apply(store.join(patch), 'matrix');
            expectBoxes(scene);
            for (const what of queries) {
              const expected = bruteForce(scene, what);
              const result = query(scene, textQuery(what));
              expect(result.ids).toEqual(expected);
              expect(result.count).toBe(expected.length);
              expect(pagesOf(scene, { ...textQuery(what), limit })).toEqual(expected);
              seen.queries += 1;
              seen.found += expected.length;
              if (result.explain().index !== 'all objects') seen.indexed += 1;
            }
          }
        },
      ),
      propertySettings(400),
    );
    expect(seen.found).toBeGreaterThan(seen.worlds);
    expect(seen.indexed).toBeGreaterThan(seen.queries / 20);
    if ((process.env[RUNS_VARIABLE] ?? '') !== '') process.stdout.write(`[G1] ${JSON.stringify(seen)}\n`);
  });

  it('[G1] finds what is near in a town whose houses and rooms move about', () => {
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
        const { scene, ...reduction } = townOf(SIDE);
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

  it('[G2] refuses what it does not understand, rather than leaving it out', () => {
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

  it('[G2] accepts at the bounds and refuses one past them', () => {
    const { scene } = new Reduction(() => undefined);
    const where = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`acme:a.p${at}`, 1]));
    expect(query(scene, { limit: MAX_QUERY_RESULTS, where: where(MAX_QUERY_CONDITIONS) }).ids).toEqual([]);
    expectInvalid({ limit: MAX_QUERY_RESULTS + 1 });
    expectInvalid({ where: where(MAX_QUERY_CONDITIONS + 1) });
    expect(query(scene, { parent: ROOT, name: 'x'.repeat(256) }).ids).toEqual([]);
  });
});
