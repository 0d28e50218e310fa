import { SeededRandom } from '@weft/testing';
import { describe, expect, test } from 'vitest';
import { medianInterval, overlap } from './interval.ts';
import { percentile } from './summary.ts';

describe('the interval of a median', () => {
  test('is none of fewer than five repetitions', () => {
    expect(medianInterval([1, 2, 3, 4])).toBeNull();
    expect(medianInterval([1, 2, 3, 4, 5])).not.toBeNull();
  });

  test('is where the known law of medians of resamples puts it', () => {
    // Of 1 to 9 a resample's median is at most 1 with probability 0.0014, at most 2 with 0.0304: 2.5 % lie at 2.
    expect(medianInterval([1, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual({ low: 2, high: 8 });
  });

  test('is the same each time, in any order', () => {
    const values = [5, 1, 4, 2, 3, 9, 7];
    expect(medianInterval(values)).toEqual(medianInterval(values));
    const { low = 0, high = 0 } = medianInterval(values) ?? {};
    expect(low).toBeLessThanOrEqual(percentile(values, 50));
    expect(high).toBeGreaterThanOrEqual(percentile(values, 50));
  });

  test('of equal values is that value', () => {
    expect(medianInterval([2, 2, 2, 2, 2])).toEqual({ low: 2, high: 2 });
  });

  test('holds the true median about as often as it says', () => {
    const random = new SeededRandom('coverage');
    const trials = 60;
    let held = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      const { low = 1, high = 0 } = medianInterval(Array.from({ length: 15 }, () => random.float())) ?? {};
      if (low <= 0.5 && 0.5 <= high) held += 1;
    }
    expect(held / trials).toBeGreaterThan(0.85);
  });

  test('refuses what is no number', () => {
    expect(() => medianInterval([1, 2, 3, 4, Number.NaN])).toThrow(RangeError);
  });
});

test('intervals that touch overlap', () => {
  expect(overlap({ low: 1, high: 2 }, { low: 2, high: 3 })).toBe(true);
  expect(overlap({ low: 1, high: 2 }, { low: 2.1, high: 3 })).toBe(false);
  expect(overlap({ low: 2.1, high: 3 }, { low: 1, high: 2 })).toBe(false);
});
