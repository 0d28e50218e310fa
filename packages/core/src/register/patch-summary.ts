import type { ActorId, ObjectId } from '../ids.ts';
import type { Time } from '../stamp/stamp.ts';
import type { Column } from './column.ts';
import type { Patch } from './patch.ts';

/** The latest times that a patch speaks of; `null` where it names none. */
export interface LatestTimes {
  readonly stamp: Time | null;
  readonly purge: Time | null;
}

/** Objects of a file that follow each other, with all their registers. */
export interface RowBlock {
  /** Of some of them nothing may be said. */
  readonly ids: readonly ObjectId[];
  /** Each register of these columns is sound. */
  readonly columns: readonly Column[];
}

/** What holds of all that a patch says. */
export interface PatchSummary {
  /** Nothing is stamped or purged later. */
  readonly latest: LatestTimes;
  /** Whoever wrote a register is among these. */
  readonly writers: ReadonlySet<ActorId>;
  /** All registers by column; `null` where something was malformed or purged. */
  readonly blocks: readonly RowBlock[] | null;
}

// A patch never changes.
const summaries = new WeakMap<Patch, PatchSummary>();

/** Remembers what a reader learnt of a patch on the way, so that nobody has to look at each of its objects for that. */
export function summarise(patch: Patch, summary: PatchSummary): void {
  summaries.set(patch, summary);
}

/** `undefined` for a patch that was put together here. */
export function summaryOf(patch: Patch): PatchSummary | undefined {
  return summaries.get(patch);
}
