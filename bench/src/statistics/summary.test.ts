import { SeededRandom } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { percentile, summarise } from './summary.ts';

const samplesOf = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 300 });

describe('percentile', () => {
  test('takes the nearest rank (the textbook example of 15, 20, 35, 40, 50)', () => {
    const samples = [50, 15, 40, 20, 35];
    expect([5, 30, 40, 50, 100].map((percent) => percentile(samples, percent))).toEqual([15, 20, 20, 35, 50]);
  });

  test('is a sample that enough others do not exceed, and the smallest such', () => {
    fc.assert(
      fc.property(samplesOf, fc.integer({ min: 1, max: 100 }), (samples, percent) => {
        const value = percentile(samples, percent);
        const needed = (percent / 100) * samples.length;
        expect(samples).toContain(value);
        expect(samples.filter((sample) => sample <= value).length).toBeGreaterThanOrEqual(needed);
        expect(samples.filter((sample) => sample < value).length).toBeLessThan(needed);
      }),
    );
  });

  test('does not care for order', () => {
    fc.assert(
      fc.property(samplesOf, fc.integer({ min: 1, max: 100 }), (samples, percent) => {
        const shuffled = new SeededRandom(1).shuffle(samples);
        expect(percentile(shuffled, percent)).toBe(percentile(samples, percent));
      }),
    );
  });

  test('leaves the samples as they are', () => {
    const samples = Object.freeze([3, 1, 2]);
    expect(percentile(samples, 50)).toBe(2);
  });

  test.each([0, -1, 100.1, Number.NaN])('refuses %d per cent', (percent) => {
    expect(() => percentile([1], percent)).toThrow(RangeError);
  });

  test('refuses nothing, and what is no number', () => {
    expect(() => percentile([], 50)).toThrow(RangeError);
    expect(() => percentile([1, Number.NaN], 50)).toThrow(RangeError);
    expect(() => percentile([1, Number.POSITIVE_INFINITY], 50)).toThrow(RangeError);
  });
});

describe('summarise', () => {
  test('of 1 to 100', () => {
    const samples = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(summarise(samples)).toEqual({ n: 100, min: 1, p50: 50, p95: 95, p99: 99, max: 100 });
  });

  test('of one sample is that sample', () => {
    expect(summarise([7])).toEqual({ n: 1, min: 7, p50: 7, p95: 7, p99: 7, max: 7 });
  });
});
