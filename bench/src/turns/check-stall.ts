import { percentile } from '../statistics/summary.ts';

/** How long a server is made to stand still in the self-test, and how much of it must show. */
export const STALL_MS = 200;
const SHOWN = 0.75;

/** Part of what a client does while it comes or writes once needs no server. */
const SHOWN_ONCE = 0.5;

/**
 * A run that would not show a server that stands still shows nothing.
 *
 * @param latenciesMs of a short run in whose middle the server stood still for `STALL_MS`
 * @throws Error where p99 is less than three quarters of the stall above the median
 */
export function checkStall(name: string, latenciesMs: readonly number[]): void {
  checkStallShown(name, { p50: percentile(latenciesMs, 50), p99: percentile(latenciesMs, 99) });
}

/** The same by what such a run reported. @throws Error as that does */
export function checkStallShown(
  name: string,
  { p50, p99 }: { readonly p50: number; readonly p99: number },
): void {
  const shownMs = p99 - p50;
  if (shownMs < SHOWN * STALL_MS) throw hidden(name, shownMs);
}

/**
 * The same for what is measured once a process: what it takes otherwise is the least of a few.
 *
 * @throws Error where less than half of the stall shows
 */
export function checkOneStall(name: string, calmMs: readonly number[], stalledMs: number): void {
  const shownMs = stalledMs - Math.min(...calmMs);
  if (shownMs < SHOWN_ONCE * STALL_MS) throw hidden(name, shownMs);
}

function hidden(name: string, shownMs: number): Error {
  return new Error(`${name}: a stall of ${STALL_MS} ms shows as ${shownMs.toFixed(0)} ms: the run is void`);
}
