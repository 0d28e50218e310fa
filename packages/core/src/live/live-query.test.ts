import { propertySettings, RUNS_VARIABLE } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bruteForce } from '../../test/query-oracle.ts';
import { oracleQuery, queriedHistory, textQuery } from '../../test/random-query.ts';
import { townOf } from '../../test/town.ts';
import { WeftError } from '../errors.ts';
import type { ObjectId } from '../ids.ts';
import { RegisterStore } from '../register/register-store.ts';
import type { ChangeSet } from '../scene/change-set.ts';
import { Reduction } from '../scene/reduction.ts';
import { coalesce, type LiveDelta } from './delta.ts';
import { MAX_QUEUED_DELTAS } from './delta-queue.ts';
import { LiveQuery } from './live-query.ts';

const seen = { steps: 0, enter: 0, change: 0, leave: 0 };

/** What a delta has to say of two results, one after the other. */
function expectExact(
  delta: LiveDelta | null,
  before: readonly ObjectId[],
  after: readonly ObjectId[],
  { changed, origin }: ChangeSet,
): void {
  const entered = after.filter((id) => !before.includes(id));
  const left = before.filter((id) => !after.includes(id));
  const stayed = [...changed.keys()].filter((id) => before.includes(id) && after.includes(id));
  seen.steps += 1;
  seen.enter += entered.length;
  seen.leave += left.length;
  seen.change += stayed.length;
  if (delta === null) {
    expect([entered, left, stayed]).toEqual([[], [], []]);
    return;
  }
  expect(delta.enter).toEqual(entered);
  expect([...delta.leave].sort()).toEqual(left.sort());
  expect([...delta.change.keys()].sort()).toEqual(stayed.sort());
  for (const [id, change] of delta.change) expect(change).toEqual({ paths: changed.get(id), origin });
}

/** The result after a delta, as a reader keeps it. */
function replay(result: ReadonlySet<ObjectId>, { leave, enter }: LiveDelta): ReadonlySet<ObjectId> {
  return result.difference(new Set(leave)).union(new Set(enter));
}

describe('LiveQuery', () => {
  it('[G4] is equal to running the query again after every step, and its deltas are exact', () => {
    fc.assert(
      fc.property(
        queriedHistory,
        fc.array(oracleQuery, { minLength: 1, maxLength: 4 }),
        fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
        fc.nat({ max: 6 }),
        (patches, queries, limit, start) => {
          const store = new RegisterStore();
          const reduction = new Reduction((id) => store.get(id));
          const { scene } = reduction;
          for (const patch of patches.slice(0, start)) reduction.apply(store.join(patch), 'matrix');
          const page = (what: (typeof queries)[number]) => bruteForce(scene, what).slice(0, limit);
          const lives = queries.map((what) => ({
            what,
            live: new LiveQuery(scene, { ...textQuery(what), ...(limit === undefined ? {} : { limit }) }),
          }));
          for (const patch of patches.slice(start)) {
            const before = lives.map(({ live }) => live.ids);
            const change = reduction.apply(store.join(patch), 'live');
            for (const [at, { live, what }] of lives.entries()) {
              const delta = live.apply(change);
              expect(live.ids).toEqual(page(what));
              expect(live.value.map(({ id }) => id)).toEqual(live.ids);
              for (const object of live.value) expect(scene.get(object.id)).toBe(object);
              expectExact(delta, before[at] ?? [], live.ids, change);
            }
          }
        },
      ),
      propertySettings(400),
    );
    expect(Math.min(seen.enter, seen.change, seen.leave)).toBeGreaterThan(100);
    if ((process.env[RUNS_VARIABLE] ?? '') !== '') process.stdout.write(`[G4] ${JSON.stringify(seen)}\n`);
  });

  it('[G4] a reader that is slow gets the net effect, however many deltas were joined', async () => {
    await fc.assert(
      fc.asyncProperty(queriedHistory, oracleQuery, async (patches, what) => {
        const store = new RegisterStore();
        const reduction = new Reduction((id) => store.get(id));
        const live = new LiveQuery(reduction.scene, textQuery(what));
        const deltas: LiveDelta[] = [];
        const loop = live[Symbol.asyncIterator]();
        for (const patch of patches) {
          const delta = live.apply(reduction.apply(store.join(patch), 'live'));
          if (delta !== null) deltas.push(delta);
        }
        live.stop();
        const read: LiveDelta[] = [];
        for await (const delta of loop) read.push(delta);
        expect(read).toEqual(deltas);
        const whole = deltas.reduce<LiveDelta | null>((a, b) => (a === null ? b : coalesce(a, b)), null);
        const result = whole === null ? new Set() : replay(new Set(), whole);
        expect([...result].sort()).toEqual([...live.ids].sort());
      }),
      propertySettings(200),
    );
  });

  it('[G4] replaces what leaves a limited result, in a town where houses are torn down and moved', () => {
    const SIDE = 9;
    const step = fc.oneof(
      fc.record({ tear: fc.nat({ max: SIDE * SIDE - 1 }), width: fc.integer({ min: 1, max: 30 }) }),
      fc.record({
        move: fc.nat({ max: SIDE * SIDE - 1 }),
        to: fc.tuple(fc.integer({ min: -10, max: 100 }), fc.constant(0), fc.integer({ min: -10, max: 100 })),
      }),
      fc.record({ rebuild: fc.nat({ max: SIDE * SIDE - 1 }) }),
    );
    const what = fc.oneof(
      fc.record({
        nearest: fc.record({
          to: fc.constantFrom([0, 0, 0] as const, [40, 0, 40] as const),
          k: fc.integer({ min: 1, max: 3 }),
        }),
      }),
      fc.record({
        sort: fc.constantFrom(
          { 'transform.position.0': -1 } as const,
          { 'transform.position.2': 1, 'transform.position.0': 1 } as const,
        ),
        limit: fc.integer({ min: 1, max: 3 }),
      }),
      fc.record({ limit: fc.integer({ min: 1, max: 3 }) }),
      fc.record({
        within: fc.constant({ ray: { origin: [-50, 0, 0], direction: [1, 0, 0], first: true } } as const),
      }),
    );
    let replaced = 0;
    fc.assert(
      fc.property(what, fc.array(step, { minLength: 1, maxLength: 25 }), (form, steps) => {
        const { scene, write } = townOf(SIDE);
        const live = new LiveQuery(scene, form);
        const page = () => bruteForce(scene, form).slice(0, 'limit' in form ? form.limit : undefined);
        for (const each of steps) {
          const before = live.ids;
          const houses =
            'tear' in each
              ? Array.from(
                  { length: each.width },
                  (_, at) => [`house-${(each.tear + at) % (SIDE * SIDE)}`, { 'node.deleted': true }] as const,
                )
              : 'move' in each
                ? [[`house-${each.move}`, { 'transform.position': each.to }] as const]
                : [[`house-${each.rebuild}`, { 'node.deleted': null }] as const];
          const change = write(houses);
          const delta = live.apply(change);
          expect(live.ids).toEqual(page());
          expectExact(delta, before, live.ids, change);
          if ('tear' in each && delta !== null) replaced += delta.enter.length;
        }
      }),
      propertySettings(150),
    );
    expect(replaced).toBeGreaterThan(50);
  });

  it('joins what a reader cannot follow, ends loops on stop, and keeps its value', async () => {
    const { scene, write } = townOf(2);
    const live = new LiveQuery(scene, { select: '#house-1' });
    const loop = live[Symbol.asyncIterator]();
    for (let at = 0; at < MAX_QUEUED_DELTAS + 10; at++)
      live.apply(write([['house-1', { 'node.name': `name ${at}` }]]));
    live.apply(write([['house-1', { 'node.deleted': true }]]));
    live.apply(write([['house-1', { 'node.deleted': null, 'node.kind': 'house' }]]));
    const [value] = [live.value];
    live.stop();
    expect(live.apply(write([['house-1', { 'node.deleted': true }]]))).toBeNull();
    expect(live.value).toBe(value);
    expect(value.map(({ node }) => node?.kind)).toEqual(['house']);
    const read: LiveDelta[] = [];
    for await (const delta of loop) read.push(delta);
    expect(read).toHaveLength(MAX_QUEUED_DELTAS);
    expect(read.at(-1)).toMatchObject({ leave: ['house-1'], enter: ['house-1'] });
    for await (const delta of live) throw new Error(`${JSON.stringify(delta)} after the end`);
  });

  it('wakes a reader that waits, and forgets one that breaks off', async () => {
    const { scene, write } = townOf(2);
    const live = new LiveQuery(scene, { kind: 'lamp' });
    const loop = live[Symbol.asyncIterator]();
    const next = loop.next();
    live.apply(write([['house-1', { 'node.kind': 'lamp' }]]));
    expect(await next).toMatchObject({ done: false, value: { enter: ['house-1'], origin: 'live' } });
    await loop.return?.();
    live.apply(write([['house-1', { 'node.kind': null }]]));
    expect(await loop.next()).toEqual({ done: true, value: undefined });
  });

  it('gives the same array while nothing in it changes', () => {
    const { scene, write } = townOf(2);
    const live = new LiveQuery(scene, { select: 'house > *', sort: { 'node.name': 1 } });
    live.apply(write([['house-0', { 'node.kind': 'house' }]]));
    const { value } = live;
    expect(value.map(({ id }) => id)).toEqual(['room-0']);
    live.apply(write([['house-1', { 'node.name': 'elsewhere' }]]));
    expect(live.value).toBe(value);
    live.apply(write([['house-0', { 'transform.position': [0, 5, 0] }]]));
    expect(live.value).not.toBe(value);
    expect(Object.isFrozen(live.value)).toBe(true);
  });

  it('[G4] stops with an error, told to every loop, where a step would cost too much', async () => {
    const { scene, write } = townOf(5);
    const live = new LiveQuery(scene, { select: '.lit .lamp' }, { maxCost: 100 });
    const loop = live[Symbol.asyncIterator]();
    const all = Array.from({ length: 25 }, (_, at) => [`house-${at}`, { 'node.name': 'x' }] as const);
    expect(() => live.apply(write(all))).toThrow(WeftError);
    expect(live.hasStopped).toBe(true);
    await expect(loop.next()).rejects.toMatchObject({ code: 'limit' });
    expect(await loop.next()).toMatchObject({ done: true });
  });

  it('[G2] refuses what a live query cannot give', () => {
    const { scene } = townOf(1);
    for (const form of [
      { fields: ['node'] },
      { count: true },
      { nearest: { to: [0, 0, 0], k: 1 }, after: '[1,"a"]' },
    ])
      expect(() => new LiveQuery(scene, Object(form))).toThrow(WeftError);
  });
});
