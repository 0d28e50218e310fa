import { isRecord } from '../record/process-report.ts';

/** What a process with a crowd is started with. */
export interface CrowdJob {
  readonly adapter: string;
  readonly setting: string;
  readonly url: string;
  readonly seed: string;
  /** From the middle of the world to the edge of the square in which people walk. */
  readonly metres: number;
  /** So many of them look at all that they are told; what the others are told is only counted in bytes. */
  readonly watchers: number;
  /** Of how many of those who are nearest the ages are looked at; 0: of none. */
  readonly nearest: number;
}

/** What it is asked, again and again. */
export interface CrowdStep {
  /** How many are to be there, at least as many as before. */
  readonly movers: number;
  /** How long they walk before anything is counted, and how long it is counted. */
  readonly warmUpMs: number;
  readonly windowMs: number;
}

/** What it measured of one such step. */
export interface CrowdReport {
  readonly movers: number;
  /** From when a pose was sent until a watcher was told of it, or of a later one of the same mover. */
  readonly age: Percentiles;
  /** The same of what a watcher knew of those nearest to it, at any moment; `null` where nobody asked. */
  readonly nearestAge: Percentiles | null;
  /** Of all poses that watchers should have been told, the part that came themselves. */
  readonly told: number;
  /** What watchers read from their sockets for each pose that they were told. */
  readonly bytesAPose: number;
  /** What a receiver read in a second: the median of all, and the most. */
  readonly bytesPerSecond: { readonly median: number; readonly most: number };
  /** Receivers, of all, that read less than half of what the median one did, for each who was around them. */
  readonly starved: number;
  /** How late poses were sent, p95, and what this process used meanwhile: where it is busy itself it says nothing of a server. */
  readonly lateMs: number;
  readonly loadCores: number;
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export function isCrowdReport(value: unknown): value is CrowdReport {
  return isRecord(value) && isRecord(value.age) && typeof value.told === 'number';
}
