import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseObjectId } from '../ids.ts';
import { SortedIds } from './sorted-ids.ts';

it('[G1] ids of an index stay in order, whether they are asked for after every change or after many', () => {
  const id = fc.nat({ max: 60 }).map((at) => parseObjectId(`id-${at}`));
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ add: id }) },
    { weight: 2, arbitrary: fc.record({ remove: id }) },
    { weight: 1, arbitrary: fc.constant({}) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const found = new SortedIds();
      const plain = new Set<string>();
      for (const each of steps) {
        if ('add' in each) {
          found.add(each.add);
          plain.add(each.add);
        } else if ('remove' in each) {
          expect(found.delete(each.remove)).toBe(plain.delete(each.remove));
        } else {
          expect(found.sorted()).toEqual([...plain].sort());
        }
      }
      expect(found.sorted()).toEqual([...plain].sort());
    }),
  );
});
