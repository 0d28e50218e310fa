import type { Account } from '@weft/cli/stack';
import type { RelayTransport } from '@weft/protocol';
import type { Lane } from '@weft/world';
import { isRecord } from '../../record/process-report.ts';

/** What a process with an author and an observer is told. */
export interface LaneJob {
  readonly lane: Lane;
  readonly author: Account;
  readonly observer: Account;
  /** The relay that the world names; `null` for a world without one. */
  readonly relay: RelayTransport | null;
  readonly edits: number;
  /** Edits a second. */
  readonly rate: number;
  /** How many edits before those are made like them and not counted. */
  readonly warmUp: number;
}

export interface LaneReport {
  /** From when an edit was due until the observer’s graph showed it, or a later one. */
  readonly latenciesMs: readonly number[];
}

export function isLaneReport(value: unknown): value is LaneReport {
  return isRecord(value) && Array.isArray(value.latenciesMs);
}
