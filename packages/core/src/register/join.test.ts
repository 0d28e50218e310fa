import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OBJECT_IDS, PATHS, patch, plainPatch, register, USER_IDS } from '../../test/arbitraries.ts';
import { type ActorId, isActorId, ROOT } from '../ids.ts';
import { parseTime } from '../stamp/stamp.ts';
import { MAX_ACTORS, MAX_CLAIMS_PER_ACTOR } from './actors.ts';
import { join } from './join.ts';
import { emptyPatch, entriesOf, type Patch, patchOf } from './patch.ts';
import { compareRegisters, newest } from './register.ts';

const RUNS = { numRuns: 1000 };
const [ann] = USER_IDS;
if (ann === undefined) throw new Error('no user');
const claims = (from: number, to: number): Patch =>
  patchOf({ actors: Array.from({ length: to - from }, (_, n) => [actorAt(from + n), [ann]] as const) });
const actorAt = (n: number): ActorId => {
  const actor: string = `actor-${String(n).padStart(8, '0')}`;
  if (!isActorId(actor)) throw new Error(actor);
  return actor;
};

describe('newest', () => {
  test('[J1] is commutative up to equality, and the first where both are equal', () => {
    fc.assert(
      fc.property(register, register, (a, b) => {
        expect(newest(a, b)).toEqual(newest(b, a));
        expect(newest(a, { ...a })).toBe(a);
        expect(compareRegisters(newest(a, b), a)).toBeGreaterThanOrEqual(0);
      }),
      RUNS,
    );
  });

  test('[J1] equal stamps are decided by the decoded value, not by its text on the wire', () => {
    const stamp = { time: parseTime(1), actor: actorAt(1) };
    expect(newest({ value: [1.5], stamp }, { value: [1.25], stamp }).value).toEqual([1.5]);
    expect(compareRegisters({ value: { a: 1, b: 2 }, stamp }, { value: { b: 2, a: 1 }, stamp })).toBe(0);
  });
});

describe('join', () => {
  test('[J1] join is commutative', () => {
    fc.assert(
      fc.property(patch, patch, (a, b) => {
        expect(plainPatch(join(a, b))).toEqual(plainPatch(join(b, a)));
      }),
      RUNS,
    );
  });

  test('[J2] join is associative', () => {
    fc.assert(
      fc.property(patch, patch, patch, (a, b, c) => {
        expect(plainPatch(join(join(a, b), c))).toEqual(plainPatch(join(a, join(b, c))));
      }),
      RUNS,
    );
  });

  test('[J3] join is idempotent, and returns the first patch itself where nothing is new', () => {
    fc.assert(
      fc.property(patch, patch, (a, b) => {
        expect(join(a, a)).toBe(a);
        const both = join(a, b);
        expect(join(both, b)).toBe(both);
        expect(join(both, a)).toBe(both);
      }),
      RUNS,
    );
  });

  test('[J3] the empty patch is neutral', () => {
    fc.assert(
      fc.property(patch, (a) => {
        expect(join(a, emptyPatch)).toBe(a);
        expect(plainPatch(join(emptyPatch, a))).toEqual(plainPatch(a));
      }),
    );
  });

  test('[J4] keeps the normal form: nothing at or before a purge, no empty object', () => {
    fc.assert(
      fc.property(patch, patch, (a, b) => {
        for (const { registers, purge } of join(a, b).objects.values()) {
          expect(registers.size > 0 || purge !== null).toBe(true);
          for (const { stamp } of registers.values()) expect(stamp.time).toBeGreaterThan(purge ?? -1);
        }
      }),
      RUNS,
    );
  });

  test('[J4] a patch of parts is the join of patches of each part', () => {
    fc.assert(
      fc.property(fc.array(patch, { maxLength: 4 }), (patches) => {
        const whole = patchOf({
          registers: patches.flatMap((one) => [...entriesOf(one)]),
          purges: patches.flatMap((one) =>
            [...one.objects].flatMap(([id, { purge }]) => (purge === null ? [] : [[id, purge] as const])),
          ),
          actors: patches.flatMap((one) => [...one.actors]),
        });
        expect(plainPatch(whole)).toEqual(plainPatch(patches.reduce(join, emptyPatch)));
      }),
      RUNS,
    );
  });

  test('[J4] a purge takes what is stamped at its time and spares what is later', () => {
    const [id] = OBJECT_IDS;
    const [path, other] = PATHS;
    if (id === undefined || path === undefined || other === undefined) throw new Error('no names');
    const at = (time: number) => ({ value: 1, stamp: { time: parseTime(time), actor: actorAt(1) } });
    const registers = patchOf({
      registers: [
        { id, path, register: at(10) },
        { id, path: other, register: at(11) },
      ],
    });
    const purged = join(registers, patchOf({ purges: [[id, parseTime(10)]] }));
    expect([...(purged.objects.get(id)?.registers.keys() ?? [])]).toEqual([other]);
    expect(join(purged, registers)).toBe(purged);
  });

  test('ignores what is said of root', () => {
    const [path] = PATHS;
    if (path === undefined) throw new Error('no names');
    const one = { value: 1, stamp: { time: parseTime(10), actor: actorAt(1) } };
    const said = patchOf({ registers: [{ id: ROOT, path, register: one }], purges: [[ROOT, parseTime(5)]] });
    expect(said.objects.size).toBe(0);
  });
});

describe('actor claims', () => {
  test('[J5] keep the smallest users of a disputed actor, in any order', () => {
    const smallest = [...USER_IDS].sort().slice(0, MAX_CLAIMS_PER_ACTOR);
    fc.assert(
      fc.property(fc.shuffledSubarray([...USER_IDS], { minLength: USER_IDS.length }), (order) => {
        const joined = order
          .map((user) => patchOf({ actors: [[actorAt(1), [user]]] }))
          .reduce(join, emptyPatch);
        expect([...(joined.actors.get(actorAt(1)) ?? [])].sort()).toEqual(smallest);
      }),
    );
  });

  test('[J5] keep the smallest actors, in any order, and report no change for one that has no room', () => {
    const full = claims(0, MAX_ACTORS);
    expect(full.actors.size).toBe(MAX_ACTORS);
    expect(join(full, claims(MAX_ACTORS, MAX_ACTORS + 1))).toBe(full);
    const late = claims(1, MAX_ACTORS + 1);
    const there = join(late, claims(0, 1));
    const back = join(claims(0, 1), late);
    expect(there.actors).toEqual(full.actors);
    expect(back.actors).toEqual(full.actors);
  });

  test('[J5] stay a lattice past both bounds', () => {
    const many = fc
      .array(fc.tuple(fc.nat(MAX_ACTORS + 50), fc.constantFrom(...USER_IDS)), { maxLength: 20 })
      .map((pairs) => patchOf({ actors: pairs.map(([n, user]) => [actorAt(n), [user]] as const) }));
    const full = claims(10, MAX_ACTORS + 5);
    fc.assert(
      fc.property(many, many, (a, b) => {
        const left = join(join(full, a), b);
        const right = join(a, join(b, full));
        expect(left.actors.size).toBeLessThanOrEqual(MAX_ACTORS);
        expect(plainPatch(left)).toEqual(plainPatch(right));
      }),
      { numRuns: 10 },
    );
  });
});
