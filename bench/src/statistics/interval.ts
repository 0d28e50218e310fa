import { SeededRandom } from '@weft/testing';
import { percentile } from './summary.ts';

/** Where a median lies: 95 of 100 such intervals hold it. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Fewer values say too little of how far the next one may be away. */
export const LEAST_REPETITIONS = 5;
const RESAMPLES = 10_000;
const LOW_PERCENT = 2.5;
const HIGH_PERCENT = 97.5;

/**
 * The 95 % interval of a median over repetitions: percentile bootstrap, 10,000 resamples. The same values always give
 * the same interval. `null` for fewer than five, of which nothing can be said.
 *
 * @throws RangeError with a value that is no finite number
 */
export function medianInterval(repetitions: readonly number[]): Interval | null {
  if (repetitions.length < LEAST_REPETITIONS) return null;
  const random = new SeededRandom('interval');
  const medians = Array.from({ length: RESAMPLES }, () =>
    percentile(
      repetitions.map(() => random.pick(repetitions)),
      50,
    ),
  );
  return { low: percentile(medians, LOW_PERCENT), high: percentile(medians, HIGH_PERCENT) };
}

/** Whether the two tell nothing apart. */
export function overlap(a: Interval, b: Interval): boolean {
  return a.low <= b.high && b.low <= a.high;
}
