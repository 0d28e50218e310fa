import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { patch as anyPatch, PATHS, plainPatch } from '../../test/arbitraries.ts';
import { history } from '../../test/history.ts';
import { expectScene, recompute } from '../../test/scene-plain.ts';
import { decodePatch } from '../binary/decode.ts';
import { encodePatch } from '../binary/encode.ts';
import type { Path } from '../ids.ts';
import { createdTicks } from '../rules/facts.ts';
import { isPresent, valueAt } from '../scene/facts.ts';
import { Reduction } from '../scene/reduction.ts';
import { join } from './join.ts';
import { latestTime } from './latest-times.ts';
import { emptyPatch, type Patch } from './patch.ts';
import type { Register } from './register.ts';
import { RegisterStore } from './register-store.ts';
import { RowRegisters } from './row-registers.ts';

const inRows = (patch: Patch): Patch => decodePatch(encodePatch(patch)).patch;

describe('RowRegisters', () => {
  test('reads like the map with the same entries, beside others of its file', () => {
    let rows = 0;
    fc.assert(
      fc.property(anyPatch, (patch) => {
        const decoded = inRows(patch);
        expect([...decoded.objects.keys()].sort()).toEqual([...patch.objects.keys()].sort());
        for (const [id, { registers }] of decoded.objects) {
          const map = sorted(patch.objects.get(id)?.registers ?? new Map());
          expectSame(registers, map);
          expect(isPresent(id, registers)).toBe(isPresent(id, map));
          expect(createdTicks(registers)).toBe(createdTicks(map));
          rows += Number(registers instanceof RowRegisters);
        }
        expect(latestTime(decoded)).toBe(latestTime(patch));
      }),
      { numRuns: 500 },
    );
    expect(rows).toBeGreaterThan(100);
  });

  test('a value and a stamp are the same instances each time', () => {
    fc.assert(
      fc.property(anyPatch, (patch) => {
        for (const { registers } of inRows(patch).objects.values())
          for (const [path, register] of registers) {
            expect(registers.get(path)?.value).toBe(register.value);
            expect(registers.get(path)?.stamp).toBe(register.stamp);
            expect(valueAt(registers, path)).toBe(register.value);
          }
      }),
    );
  });

  test('[J6] a store takes in rows like any other registers, and leaves them as they are', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyPatch, fc.boolean()), { maxLength: 6 }), (all) => {
        const store = new RegisterStore();
        const given = all.map(([patch, rows]) => (rows ? inRows(patch) : patch));
        for (const patch of given) store.join(patch);
        const expected = all.reduce((joined, [patch]) => join(joined, patch), emptyPatch);
        expect(plainPatch(store.toPatch())).toEqual(plainPatch(expected));
        expect(given.map(plainPatch)).toEqual(all.map(([patch]) => plainPatch(patch)));
      }),
      { numRuns: 500 },
    );
  });

  test('[R1] a scene reduced from rows equals recomputing from nothing', () => {
    fc.assert(
      fc.property(history, fc.nat({ max: 20 }), (patches, loaded) => {
        const store = new RegisterStore();
        const reduction = new Reduction((id) => store.get(id));
        const blob = inRows(patches.slice(0, loaded).reduce(join, emptyPatch));
        for (const patch of [blob, ...patches.slice(loaded)]) {
          reduction.apply(store.join(patch), 'matrix');
          expectScene(reduction.scene, recompute(store));
        }
      }),
      { numRuns: 200 },
    );
  });
});

function sorted(registers: ReadonlyMap<Path, Register>): ReadonlyMap<Path, Register> {
  // A file has its paths in byte order, and these are ASCII.
  return new Map([...registers].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function expectSame(row: ReadonlyMap<Path, Register>, map: ReadonlyMap<Path, Register>): void {
  expect(row.size).toBe(map.size);
  expect([...row].map(plain)).toEqual([...map].map(plain));
  expect([...row.entries()].map(plain)).toEqual([...map.entries()].map(plain));
  expect([...row.keys()]).toEqual([...map.keys()]);
  expect([...row.values()].map(plainRegister)).toEqual([...map.values()].map(plainRegister));
  for (const path of PATHS) {
    expect(plainRegister(row.get(path))).toEqual(plainRegister(map.get(path)));
    expect(row.has(path)).toBe(map.has(path));
  }
  const visited: [Path, Register][] = [];
  row.forEach((held, path, all) => {
    expect(all).toBe(row);
    visited.push([path, held]);
  });
  expect(visited.map(plain)).toEqual([...map].map(plain));
}

function plain([path, register]: readonly [Path, Register]) {
  return [path, plainRegister(register)];
}

/** Some registers of a row have their value as a getter. */
function plainRegister(register: Register | undefined) {
  return register === undefined ? undefined : { value: register.value, stamp: register.stamp };
}
