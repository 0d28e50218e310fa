import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseMostOwed } from './choice.ts';

test('[MO10] those that are owed most are chosen as far as they fit, and none that is owed much less than one left out', () => {
  const telling = fc.record({
    owed: fc.double({ min: 0, max: 1e6, noNaN: true }),
    size: fc.integer({ min: 2, max: 40 }),
  });
  fc.assert(
    fc.property(fc.array(telling), fc.integer({ min: -100, max: 2_000 }), (list, bytes) => {
      const places = chooseMostOwed(
        list.map(({ size }) => size),
        list.map(({ owed }) => owed),
        bytes,
      );
      const used = places.reduce((sum, at) => sum + (list[at]?.size ?? 0), 0);
      expect(used).toBeLessThanOrEqual(Math.max(0, bytes));
      const left = list.filter((_each, at) => !places.includes(at));
      if (left.length > 0) expect(used + 40).toBeGreaterThan(bytes);
      const most = Math.max(0, ...left.map(({ owed }) => owed));
      const least = Math.min(Number.POSITIVE_INFINITY, ...places.map((at) => list[at]?.owed ?? 0));
      expect(1 + most).toBeLessThanOrEqual((1 + least) * 1.5);
    }),
  );
});
