import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PATHS, stamp, value } from '../../test/arbitraries.ts';
import { isLater } from '../replica/winners.ts';
import { joinObjects } from './join.ts';
import { JoinedRegisters } from './joined-registers.ts';

const registers = fc
  .array(fc.tuple(fc.constantFrom(...PATHS), fc.record({ value, stamp })), { maxLength: 8 })
  .map((entries) => new Map(entries));

test('[J6] where what lies over always wins it need not be compared', () => {
  fc.assert(
    fc.property(registers, registers, (under, over) => {
      const newer = new Map([...over].filter(([path, each]) => isLater(each, under.get(path))));
      const [view, same] = [new JoinedRegisters(under, newer, true), new JoinedRegisters(under, newer)];
      expect([...view]).toEqual([...same]);
      for (const path of PATHS) expect(view.get(path)).toEqual(same.get(path));
    }),
  );
});

test('[J6] a view of two says what their join says, however it is asked', () => {
  fc.assert(
    fc.property(registers, registers, (under, over) => {
      const joined = new Map(
        joinObjects({ registers: under, purge: null }, { registers: over, purge: null }).registers,
      );
      const view = new JoinedRegisters(under, over);
      expect(new Map(view)).toEqual(joined);
      expect(view.size).toBe(joined.size);
      expect([...view.keys()]).toEqual([...joined.keys()]);
      expect([...view.values()]).toEqual([...joined.values()]);
      const visited = new Map();
      view.forEach((register, path) => {
        visited.set(path, register);
      });
      expect(visited).toEqual(joined);
      expect(view.holdsAny()).toBe([...joined.values()].some((register) => register.value !== null));
      for (const path of PATHS) {
        expect(view.get(path)).toEqual(joined.get(path));
        expect(view.has(path)).toBe(joined.has(path));
      }
    }),
  );
});
