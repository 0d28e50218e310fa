import type { Stop, Timers } from '@weft/core';
import { type StoreError, storeErrorOf } from '@weft/store';
import type { JournalRecord } from '../journal/journal-record.ts';
import type { LaneJournal } from '../journal/lane-journal.ts';

/** How long what comes together waits for more, in milliseconds. */
export const COMMIT_GATHER_MS = 2;
/** How long a device that refused a commit is left alone, in milliseconds: doubled from the first to the second. */
export const COMMIT_RETRY_MS = { least: 250, most: 5_000 };

export interface CommitterOptions {
  readonly journal: LaneJournal;
  readonly timers: Timers;
  /** `null` once a commit succeeds again. */
  readonly onTrouble: (error: StoreError | null) => void;
  /** After each commit, and after all that waited for it. */
  readonly onCommitted: () => void;
}

/** Brings records into the journal, many with one commit, one commit at a time; a device without room is tried again. */
export class Committer {
  readonly #journal: LaneJournal;
  readonly #timers: Timers;
  readonly #onTrouble: (error: StoreError | null) => void;
  readonly #onCommitted: () => void;
  /** What is to be run after the next commit, in order. */
  #kept: (() => void)[] = [];
  #isWanted = false;
  #isUnderWay = false;
  #stop: Stop | null = null;
  #failures = 0;
  #idle: (() => void)[] = [];
  #isClosed = false;

  constructor({ journal, timers, onTrouble, onCommitted }: CommitterOptions) {
    this.#journal = journal;
    this.#timers = timers;
    this.#onTrouble = onTrouble;
    this.#onCommitted = onCommitted;
  }

  /** Whether the device refused the last commit. */
  get isFailing(): boolean {
    return this.#failures > 0;
  }

  /**
   * @param kept called once the record outlives this process; not if it never does
   * @returns the number of the record
   */
  keep(record: JournalRecord, kept?: () => void): number {
    const number = this.append(record);
    this.want(kept);
    return number;
  }

  /** Adds a record to what `want` commits. @returns its number */
  append(record: JournalRecord): number {
    return this.#journal.append(record);
  }

  /** Commits what was changed in the journal. */
  want(kept?: () => void): void {
    if (kept !== undefined) this.#kept.push(kept);
    this.#isWanted = true;
    this.#schedule(COMMIT_GATHER_MS);
  }

  /** Resolves when nothing waits any more, or the device refuses it. */
  settled(): Promise<void> {
    if (!this.#isUnderWay && (!this.#isWanted || this.isFailing || this.#isClosed)) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle.push(resolve);
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#stop?.();
    this.#stop = null;
    this.#tellIdle();
  }

  #schedule(delayMs: number): void {
    if (this.#isClosed || this.#isUnderWay || this.#stop !== null) return;
    this.#stop = this.#timers.after(delayMs, () => {
      this.#stop = null;
      void this.#commit();
    });
  }

  async #commit(): Promise<void> {
    const kept = this.#kept;
    this.#kept = [];
    this.#isWanted = false;
    this.#isUnderWay = true;
    try {
      await this.#journal.commit();
    } catch (error) {
      this.#failed(kept, storeErrorOf('commit the journal of a lane', error));
      return;
    }
    this.#isUnderWay = false;
    if (this.#isClosed) return;
    const wasFailing = this.isFailing;
    this.#failures = 0;
    if (wasFailing) this.#onTrouble(null);
    for (const run of kept) run();
    this.#onCommitted();
    if (this.#isWanted) this.#schedule(COMMIT_GATHER_MS);
    else this.#tellIdle();
  }

  #failed(kept: (() => void)[], error: StoreError): void {
    this.#kept = [...kept, ...this.#kept];
    this.#isWanted = true;
    this.#isUnderWay = false;
    if (this.#isClosed) return;
    this.#failures += 1;
    if (this.#failures === 1) this.#onTrouble(error);
    this.#tellIdle();
    this.#schedule(Math.min(COMMIT_RETRY_MS.most, COMMIT_RETRY_MS.least * 2 ** (this.#failures - 1)));
  }

  #tellIdle(): void {
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }
}
