import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { delivery, OBJECT_IDS, PATHS, patch, plainPatch, register } from '../../test/arbitraries.ts';
import { join } from './join.ts';
import { emptyPatch, type Patch, patchOf } from './patch.ts';
import { RegisterStore } from './register-store.ts';

const patches = fc.array(patch, { maxLength: 6 });
const storeOf = (delivered: readonly Patch[]) => {
  const store = new RegisterStore();
  for (const one of delivered) store.join(one);
  return store;
};

describe('RegisterStore', () => {
  test('[J6] equals the pure join, whatever the order and the repetition', () => {
    fc.assert(
      fc.property(
        patches.chain((all) => fc.tuple(fc.constant(all), delivery(all))),
        ([all, delivered]) => {
          expect(plainPatch(storeOf(delivered).toPatch())).toEqual(plainPatch(all.reduce(join, emptyPatch)));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('leaves the patches that it was given as they are', () => {
    fc.assert(
      fc.property(patches, fc.constantFrom(...OBJECT_IDS), fc.constantFrom(...PATHS), (all, id, path) => {
        const before = all.map(plainPatch);
        const store = storeOf(all);
        store.remove(id, path);
        expect(store.get(id)?.has(path) ?? false).toBe(false);
        expect(all.map(plainPatch)).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  test('[J6] reports exactly the registers that have another winner or are gone', () => {
    fc.assert(
      fc.property(patches, patch, (before, next) => {
        const store = storeOf(before);
        const held = (at: RegisterStore) =>
          new Map(
            [...at.ids()].flatMap((id) =>
              [...(at.get(id) ?? [])].map(([path, one]) => [`${id} ${path}`, one]),
            ),
          );
        const old = held(store);
        const reported = [...store.join(next)].flatMap(([id, paths]) =>
          [...paths].map((path) => `${id} ${path}`),
        );
        const now = held(store);
        const changed = [...new Set([...old.keys(), ...now.keys()])].filter(
          (key) => old.get(key) !== now.get(key),
        );
        expect(reported.sort()).toEqual(changed.sort());
      }),
      { numRuns: 1000 },
    );
  });

  test('[J7] dominates a register exactly when joining it changes nothing', () => {
    fc.assert(
      fc.property(
        patches,
        fc.constantFrom(...OBJECT_IDS),
        fc.constantFrom(...PATHS),
        register,
        (all, id, path, one) => {
          const store = storeOf(all);
          const dominated = store.dominates(id, path, one);
          const before = plainPatch(store.toPatch());
          store.join(patchOf({ registers: [{ id, path, register: one }] }));
          expect(dominated).toBe(JSON.stringify(plainPatch(store.toPatch())) === JSON.stringify(before));
          expect(store.dominates(id, path, one)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('[J7] a patch is dominated after it was joined, and for good', () => {
    fc.assert(
      fc.property(patches, patch, (later, one) => {
        const store = storeOf([one, ...later]);
        for (const [id, { registers, purge }] of one.objects) {
          for (const [path, held] of registers) expect(store.dominates(id, path, held)).toBe(true);
          if (purge !== null) expect(store.purgeOf(id)).toBeGreaterThanOrEqual(purge);
        }
      }),
    );
  });

  test('shares registers and stamps with the patches it was given', () => {
    fc.assert(
      fc.property(patch, (one) => {
        const store = storeOf([one]);
        for (const [id, { registers }] of one.objects)
          for (const [path, held] of registers) expect(store.get(id)?.get(path)).toBe(held);
      }),
    );
  });

  test('a patch of some objects holds these and no others, and does not change with the store', () => {
    fc.assert(
      fc.property(patch, patch, fc.subarray([...OBJECT_IDS]), (one, two, wanted) => {
        const store = storeOf([one]);
        const taken = store.toPatch(wanted);
        const text = JSON.stringify(plainPatch(taken));
        for (const id of taken.objects.keys()) expect(wanted).toContain(id);
        for (const id of wanted) expect(taken.objects.has(id)).toBe(one.objects.has(id));
        store.join(two);
        expect(JSON.stringify(plainPatch(taken))).toBe(text);
      }),
    );
  });

  test('forgets a removed register and the object with its last', () => {
    fc.assert(
      fc.property(patch, (one) => {
        const store = storeOf([one]);
        for (const [id, { registers }] of one.objects) {
          for (const path of registers.keys()) store.remove(id, path);
          expect(store.has(id)).toBe(false);
          expect(store.purgeOf(id)).toBe(one.objects.get(id)?.purge ?? null);
        }
        expect(store.size).toBe(0);
        for (const id of OBJECT_IDS) for (const path of PATHS) store.remove(id, path);
      }),
    );
  });
});
