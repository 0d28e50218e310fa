import type { JournalKind, JournalRecord } from './journal-record.ts';

/** A record with its place: numbers grow. */
export interface KeptRecord extends JournalRecord {
  readonly number: number;
}

/** Which records to take away: those of a kind up to a number, of one key if it is named. */
export interface JournalCut {
  readonly kind: JournalKind;
  readonly key?: string;
  readonly through: number;
  /** What goes has to be gone from the disk too; costs a sync. Default `false`. */
  readonly erase?: boolean;
}

/** What was found when a journal was opened. */
export interface LoadedJournal {
  /** All whole records, in order. */
  readonly records: readonly KeptRecord[];
  /** How many were not what had been written: nothing of them is used, and they go with the next commit. */
  readonly dropped: number;
}

/**
 * What outlives a relay of one world. Changes wait, in order, for the next commit, which keeps all of them or none. A commit
 * that fails changes nothing: what waited waits for the next one.
 */
export interface LaneJournal {
  /** Once, before anything else. @throws StoreError */
  load(): Promise<LoadedJournal>;
  /** Its body must not change any more. @returns the number that the record has from now on */
  append(record: JournalRecord): number;
  cut(cut: JournalCut): void;
  /** Bytes that wait for a commit. */
  readonly waitingBytes: number;
  /** Bytes of all records, those that wait included. */
  readonly bytes: number;
  /**
   * Resolves when every change so far would survive the end of this process and a loss of power. Calls during a commit
   * share the next one.
   *
   * @throws StoreError `full`, `failed`, `closed`
   */
  commit(): Promise<void>;
  /** Commits what waits, if it can, and lets the next opener in. May be called again. */
  close(): Promise<void>;
}
