import type { RandomBytes } from '../ids.ts';

/** Stops what it came from; calling it again does nothing. */
export type Stop = () => void;

/** The clock and the timers of whatever runs over time; a virtual twin in tests. */
export interface Timers {
  /** Milliseconds since the epoch, by the local clock. */
  now(): number;
  /** Runs once after at least this many milliseconds. */
  after(delayMs: number, run: () => void): Stop;
}

/** A fraction in [0, 1) from random bytes, for jitter. */
export function fraction(random: RandomBytes): number {
  const [high = 0, low = 0] = random(2);
  return (high * 256 + low) / 65_536;
}
