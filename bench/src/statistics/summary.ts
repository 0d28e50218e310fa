/** What a set of samples says. Percentiles are measured values (nearest rank), never interpolated ones. */
export interface Summary {
  readonly n: number;
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * The value that at least `percent` of the samples do not exceed: nearest rank, `percent` in (0, 100].
 *
 * With fewer than 100 samples p99 is the maximum: n stands beside it for that reason.
 *
 * @throws RangeError without samples, with one that is no finite number, or with a percentage out of range
 */
export function percentile(samples: readonly number[], percent: number): number {
  if (!(percent > 0 && percent <= 100)) throw new RangeError(`percentile: ${percent} is not in (0, 100]`);
  if (samples.some((sample) => !Number.isFinite(sample)))
    throw new RangeError('percentile: a sample is not finite');
  const sorted = samples.toSorted((a, b) => a - b);
  const value = sorted[Math.ceil((percent / 100) * sorted.length) - 1];
  if (value === undefined) throw new RangeError('percentile: no samples');
  return value;
}

/** @throws RangeError without samples, or with one that is no finite number */
export function summarise(samples: readonly number[]): Summary {
  return {
    n: samples.length,
    min: Math.min(...samples),
    p50: percentile(samples, 50),
    p95: percentile(samples, 95),
    p99: percentile(samples, 99),
    max: Math.max(...samples),
  };
}
