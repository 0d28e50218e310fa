import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PATHS, register } from '../../test/arbitraries.ts';
import type { Path } from '../ids.ts';
import type { Register } from '../register/register.ts';
import { RowRegisters, Shape } from './row-registers.ts';

describe('RowRegisters', () => {
  test('reads like the map with the same entries, beside others of its file', () => {
    const entries = fc.uniqueArray(fc.tuple(fc.constantFrom(...PATHS), register), {
      selector: ([path]) => path,
    });
    fc.assert(
      fc.property(fc.array(entries, { maxLength: 5 }), (all) => {
        const shapes = new Shape();
        const rows = all.map((each) => {
          const shape = each.reduce((before, [path]) => before.with(path), shapes);
          return new RowRegisters(
            shape,
            each.map(([, held]) => held),
          );
        });
        for (const [at, each] of all.entries()) expectSame(rows[at] ?? new Map(), new Map(each));
      }),
    );
  });

  test('objects with the same paths share one shape', () => {
    const shapes = new Shape();
    const [first, second] = PATHS;
    if (first === undefined || second === undefined) throw new Error('too few paths');
    expect(shapes.with(first).with(second)).toBe(shapes.with(first).with(second));
    expect(shapes.with(second).with(first)).not.toBe(shapes.with(first).with(second));
  });
});

function expectSame(row: ReadonlyMap<Path, Register>, map: ReadonlyMap<Path, Register>): void {
  expect(row.size).toBe(map.size);
  expect([...row]).toEqual([...map]);
  expect([...row.entries()]).toEqual([...map.entries()]);
  expect([...row.keys()]).toEqual([...map.keys()]);
  expect([...row.values()]).toEqual([...map.values()]);
  for (const path of PATHS) {
    expect(row.get(path)).toBe(map.get(path));
    expect(row.has(path)).toBe(map.has(path));
  }
  const visited: [Path, Register][] = [];
  row.forEach((held, path, all) => {
    expect(all).toBe(row);
    visited.push([path, held]);
  });
  expect(visited).toEqual([...map]);
}
