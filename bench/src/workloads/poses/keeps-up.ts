import type { CrowdReport } from '../../poses/crowd-job.ts';

/** How old a pose may be when it comes, at p95: beyond it people notice that others are behind. */
export const MAX_AGE_MS = 100;
/** Of the poses that a reader should be told, those that have to come: some meet each other in a patch of as many milliseconds. */
export const MIN_TOLD = 0.9;
/** How late the process of all clients may send, at p95, and what it may use of a processor, until it is no measure of a server. */
export const MAX_LATE_MS = 20;
export const MAX_LOAD_CORES = 0.95;

/** `busy`: it did not, but the process of all clients had no time to tell either. */
export type Standing = 'keeps up' | 'gives out' | 'busy';

/** What one number of movers says of a system: the same definition for all. */
export function standingOf({
  age,
  told,
  starved,
  lateMs,
  loadCores,
}: Pick<CrowdReport, 'age' | 'told' | 'starved' | 'lateMs' | 'loadCores'>): Standing {
  if (age.p95 <= MAX_AGE_MS && told >= MIN_TOLD && starved === 0) return 'keeps up';
  return lateMs > MAX_LATE_MS || loadCores > MAX_LOAD_CORES ? 'busy' : 'gives out';
}
