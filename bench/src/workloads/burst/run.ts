import type { Account } from '@weft/cli/stack';
import type { Figure } from '../../record/process-report.ts';

/** One burst that is to be measured: who places the objects, who looks on, and of how many. */
export interface Burst {
  readonly author: Account;
  readonly reader: Account;
  readonly objects: number;
  readonly seed: string;
  readonly signal: AbortSignal;
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
