import type { RandomBytes } from '@weft/core';
import { newRunId, type RunId } from '@weft/protocol';
import type { StorePlace } from '@weft/store';
import type { LaneJournal } from '../journal/lane-journal.ts';
import { StoreJournal } from '../journal/store-journal.ts';
import type { Check } from './readiness.ts';

/** Beside the journals of the worlds, so that they share a disk and what can go wrong with it. */
const NAME = 'ready';

/** Writes to a journal of its own, in the way and in the place of all others. Held open: one relay has one directory. */
export class JournalCheck implements Check {
  readonly name = 'journal';
  readonly #journal: LaneJournal;
  readonly #run: RunId;
  #written = 0;

  /** @throws StoreError `busy` where another relay uses the directory, `unavailable` */
  static async open(place: StorePlace, random: RandomBytes): Promise<JournalCheck> {
    const journal = new StoreJournal(await place.open(NAME));
    const { records } = await journal.load();
    for (const { kind, number } of records) journal.cut({ kind, through: number });
    return new JournalCheck(journal, newRunId(random));
  }

  private constructor(journal: LaneJournal, run: RunId) {
    this.#journal = journal;
    this.#run = run;
  }

  async run(): Promise<string> {
    this.#written += 1;
    const record = { key: '', run: this.#run, seq: this.#written, user: null, body: new Uint8Array(0) };
    const number = this.#journal.append({ kind: 'run', ...record });
    this.#journal.cut({ kind: 'run', through: number - 1 });
    await this.#journal.commit();
    return 'took a record';
  }

  close(): Promise<void> {
    return this.#journal.close();
  }
}
