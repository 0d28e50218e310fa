import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mostOwedFirst } from './most-owed-first.ts';

test('[MO10] who is owed much more comes first, and among those that are owed the same the first', () => {
  const owed = fc.array(fc.oneof(fc.double({ min: 0, max: 1e12, noNaN: true }), fc.constantFrom(0, 1, 50)));
  fc.assert(
    fc.property(owed, (list) => {
      const order = [...mostOwedFirst(list)];
      expect(new Set(order)).toEqual(new Set(list.keys()));
      for (const [at, place] of order.entries()) {
        const [own, next] = [list[place] ?? 0, list[order[at + 1] ?? place] ?? 0];
        expect(1 + Math.min(next, 1e8)).toBeLessThanOrEqual((1 + Math.min(own, 1e8)) * 1.5);
        if (own === next && at + 1 < order.length) expect(order[at + 1]).toBeGreaterThan(place);
      }
    }),
  );
});
