import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { patch as anyPatch, OBJECT_IDS, PATHS, register } from '../../test/arbitraries.ts';
import type { ObjectId, Path } from '../ids.ts';
import { NewObjects, ObjectTable } from './object-table.ts';
import type { Register } from './register.ts';

const registers = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...PATHS), register), { selector: ([path]) => path, minLength: 1 })
  .map((entries): ReadonlyMap<Path, Register> => new Map(entries));
const step = fc.record({
  id: fc.constantFrom(...OBJECT_IDS),
  registers: fc.option(registers),
});

describe('ObjectTable', () => {
  test('reads like a map, whether or not a patch lies under it', () => {
    fc.assert(
      fc.property(anyPatch, fc.boolean(), fc.array(step, { maxLength: 12 }), (patch, isShared, steps) => {
        const table = new ObjectTable();
        const map = new Map<ObjectId, ReadonlyMap<Path, Register>>();
        expect(table.isNew).toBe(true);
        const objects = new Map([...patch.objects].filter(([, { registers: held }]) => held.size > 0));
        if (isShared) table.share(objects);
        for (const [id, { registers: held }] of objects) {
          if (!isShared) table.add(id, held);
          map.set(id, held);
        }
        for (const { id, registers: held } of steps) {
          if (held === null) table.delete(id);
          else table.set(id, held);
          if (held === null) map.delete(id);
          else map.set(id, held);
          expect(table.size).toBe(map.size);
          expect([...table.keys()].sort()).toEqual([...map.keys()].sort());
          for (const one of OBJECT_IDS) {
            expect(table.get(one)).toBe(map.get(one));
            expect(table.has(one)).toBe(map.has(one));
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('NewObjects', () => {
  test('reads like the map of the paths of each object', () => {
    fc.assert(
      fc.property(anyPatch, ({ objects }) => {
        const paths = new NewObjects(objects);
        const map = new Map([...objects].map(([id, { registers: held }]) => [id, new Set(held.keys())]));
        expect(paths.size).toBe(map.size);
        expect([...paths]).toEqual([...map]);
        expect([...paths.entries()]).toEqual([...map.entries()]);
        expect([...paths.keys()]).toEqual([...map.keys()]);
        expect([...paths.values()]).toEqual([...map.values()]);
        for (const id of OBJECT_IDS) {
          expect(paths.get(id)).toEqual(map.get(id));
          expect(paths.has(id)).toBe(map.has(id));
        }
        const visited: [ObjectId, ReadonlySet<Path>][] = [];
        paths.forEach((one, id) => {
          visited.push([id, one]);
        });
        expect(visited).toEqual([...map]);
      }),
    );
  });
});
