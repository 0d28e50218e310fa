/** Exponential backoff: doubles with each failure in a row, up to a bound, with jitter so that clients spread out. */
export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * @param failures how many in a row, from 1
 * @param fraction in [0, 1): adds up to half of the delay
 */
export function backoffMs({ firstMs, maxMs }: Backoff, failures: number, fraction: number): number {
  const exponent = Math.min(Math.max(failures, 1) - 1, 30);
  return Math.min(firstMs * 2 ** exponent, maxMs) * (1 + fraction / 2);
}
