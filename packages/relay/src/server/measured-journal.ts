import type { JournalRecord } from '../journal/journal-record.ts';
import type { JournalCut, LaneJournal, LoadedJournal } from '../journal/lane-journal.ts';

/** A journal of which it is told how long each commit took, failed ones included. */
export class MeasuredJournal implements LaneJournal {
  readonly #journal: LaneJournal;
  readonly #nowMs: () => number;
  readonly #committed: (ms: number) => void;

  /** @param nowMs a clock that never goes back */
  constructor(journal: LaneJournal, nowMs: () => number, committed: (ms: number) => void) {
    this.#journal = journal;
    this.#nowMs = nowMs;
    this.#committed = committed;
  }

  get waitingBytes(): number {
    return this.#journal.waitingBytes;
  }

  get bytes(): number {
    return this.#journal.bytes;
  }

  load(): Promise<LoadedJournal> {
    return this.#journal.load();
  }

  append(record: JournalRecord): number {
    return this.#journal.append(record);
  }

  cut(cut: JournalCut): void {
    this.#journal.cut(cut);
  }

  async commit(): Promise<void> {
    const fromMs = this.#nowMs();
    try {
      await this.#journal.commit();
    } finally {
      this.#committed(this.#nowMs() - fromMs);
    }
  }

  close(): Promise<void> {
    return this.#journal.close();
  }
}
