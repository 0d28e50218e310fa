import type { Interval } from '../statistics/interval.ts';
import type { Summary } from '../statistics/summary.ts';
import type { Machine } from './machine.ts';
import type { Provenance } from './provenance.ts';

export const UNITS = [
  'ms',
  'us',
  'bytes',
  'KiB',
  'bytes an object',
  'bytes an edit',
  'bytes a pose',
  'bytes a second',
  'events',
  'movers',
  'receivers',
  '%',
  'cores',
] as const;
export type Unit = (typeof UNITS)[number];
/** Of everything else less is better. */
export const MORE_IS_BETTER: ReadonlySet<Unit> = new Set(['movers', '%']);

/** One figure: what was measured, of what system, how often, and every sample of it. */
export interface Measurement extends Summary {
  readonly metric: string;
  /** What it was measured of: `weft`, or the floor beside it. */
  readonly system: string;
  /** The parameters that tell it from its neighbours, such as `{ objects: 1000 }`. */
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly unit: Unit;
  readonly samples: readonly number[];
  /** Of the median, over repetitions; `null` where samples are no repetitions, or fewer than five. */
  readonly interval: Interval | null;
}

/** A run that others can judge and repeat. */
export interface Result {
  readonly format: 'weft-bench/2';
  readonly workload: string;
  /** The command that makes this run again. */
  readonly command: string;
  readonly startedAt: string;
  readonly endedAt: string;
  /** Somebody stopped it: what is there was measured in full, and less often than was asked for. */
  readonly interrupted: boolean;
  readonly seed: string;
  readonly provenance: Provenance;
  readonly machine: Machine;
  /** How it was measured: what is warm, what is thrown away, in which order. */
  readonly method: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly measurements: readonly Measurement[];
}
