import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SeededRandom } from './seeded-random.ts';

describe('SeededRandom', () => {
  test('gives the same numbers for the same seed, for ever', () => {
    const random = new SeededRandom('weft');
    expect([random.uint32(), random.uint32(), random.uint32()]).toEqual([3622341931, 497994085, 2957284119]);
  });

  test('differs between seeds and between forks', () => {
    const first = new SeededRandom(1);
    expect(first.bytes(16)).not.toEqual(new SeededRandom(2).bytes(16));
    expect(first.fork('a').bytes(16)).not.toEqual(first.fork('b').bytes(16));
  });

  test('a fork does not depend on what was drawn before', () => {
    const drawn = new SeededRandom(1);
    drawn.bytes(100);
    expect(drawn.fork('scene').uint32()).toBe(new SeededRandom(1).fork('scene').uint32());
  });

  test('stays below its limit and reaches every value', () => {
    const random = new SeededRandom('limits');
    const seen = new Set(Array.from({ length: 1000 }, () => random.below(7)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('is spread evenly: a chi-squared test over bytes', () => {
    const counts = new Array<number>(256).fill(0);
    for (const byte of new SeededRandom('even').bytes(256_000)) counts[byte] = (counts[byte] ?? 0) + 1;
    const chiSquared = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    // 255 degrees of freedom: the 0.1 % points on either side.
    expect(chiSquared).toBeGreaterThan(190);
    expect(chiSquared).toBeLessThan(331);
  });

  test('shuffles without losing anything', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.string(), (items, seed) => {
        const shuffled = new SeededRandom(seed).shuffle(items);
        expect(shuffled.toSorted()).toEqual(items.toSorted());
      }),
    );
  });

  test('picks from the list, and refuses an empty one', () => {
    expect(['a', 'b']).toContain(new SeededRandom(3).pick(['a', 'b']));
    expect(() => new SeededRandom(3).pick([])).toThrow(RangeError);
  });
});
