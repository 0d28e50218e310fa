import type { Account } from '@weft/cli/stack';
import { type Figure, isRecord } from '../../record/process-report.ts';

export const BURST_SYSTEMS = ['weft', 'floor', 'events'] as const;
export type BurstSystem = (typeof BURST_SYSTEMS)[number];

/** One burst that is to be measured: by whom, who looks on, and of how many objects. */
export interface BurstJob {
  readonly system: BurstSystem;
  readonly author: Account;
  readonly reader: Account;
  readonly objects: number;
  readonly seed: string;
  /** What the floor writes. */
  readonly bytes: number;
}

export interface Burst extends BurstJob {
  /** To be called as the clock starts. */
  readonly begins: () => void;
}

/** What of a burst was measured, in an order that reads well. */
export interface BurstReport {
  readonly figures: readonly Figure[];
  /** Bytes of the events' contents and of what was uploaded. */
  readonly bytes: number;
  readonly events: number;
}

export function report(seenMs: number, durableMs: number, events: number, bytes: number): BurstReport {
  return {
    events,
    bytes,
    figures: [
      { metric: 'seen by another', unit: 'ms', value: seenMs },
      { metric: 'durable', unit: 'ms', value: durableMs },
      { metric: 'events written', unit: 'events', value: events },
      { metric: 'contents and uploads', unit: 'KiB', value: bytes / 1024 },
    ],
  };
}

export function isBurstReport(value: unknown): value is BurstReport {
  return isRecord(value) && Array.isArray(value.figures) && typeof value.bytes === 'number';
}
