import type { Replica } from '@weft/core';
import type { Journal } from '../journal/journal.ts';
import { type JournalPlace, journalUpdate } from './journal-update.ts';
import type { RoomModel } from './room-model.ts';
import { type Applied, type Prepared, write } from './stages.ts';

export interface PipelinePorts {
  readonly model: RoomModel;
  readonly replica: Replica;
  /** What this device keeps of the room; `null` where it keeps nothing. */
  readonly journal: () => Journal | null;
  readonly applied: (prepared: Prepared, applied: Applied) => void;
  readonly failed: (what: string, error: unknown) => void;
}

const NOWHERE: JournalPlace = { token: null, readMs: null };

/**
 * Takes the steps of a room one after the other: prepare, write to the journal, apply, tell. Without a journal a step is
 * over when `take` returns; with one, a later step waits until those before it are written and applied. A failure before
 * applying changes nothing.
 */
export class Pipeline {
  readonly #ports: PipelinePorts;
  #line: Promise<void> = Promise.resolve();
  #waiting = 0;
  #stopped = false;

  constructor(ports: PipelinePorts) {
    this.#ports = ports;
  }

  /**
   * @param prepare works the step out against the model as it is by then
   * @param done runs after the step was applied and told
   * @returns when the step is over, whether it succeeded or not
   */
  take(what: string, prepare: () => Prepared, place = NOWHERE, done: () => void = () => {}): Promise<void> {
    if (this.#ports.journal() === null && this.#waiting === 0) {
      this.#apply(what, prepare, done);
      return Promise.resolve();
    }
    this.#waiting += 1;
    this.#line = this.#line.then(async () => {
      await this.#write(what, prepare, place, done);
      this.#waiting -= 1;
    });
    return this.#line;
  }

  /** Resolves when the steps so far are over. */
  get idle(): Promise<void> {
    return this.#line;
  }

  /** Steps that were not applied yet are not any more. */
  stop(): void {
    this.#stopped = true;
  }

  async #write(what: string, prepare: () => Prepared, place: JournalPlace, done: () => void): Promise<void> {
    const { model, replica, failed } = this.#ports;
    const journal = this.#ports.journal();
    if (this.#stopped) return;
    try {
      const prepared = prepare();
      await journal?.keepUpdate(journalUpdate(model, replica, prepared, place));
      this.#apply(what, () => prepared, done);
    } catch (error) {
      failed(what, error);
    }
  }

  #apply(what: string, prepare: () => Prepared, done: () => void): void {
    const { model, replica, applied, failed } = this.#ports;
    if (this.#stopped) return;
    let prepared: Prepared;
    let result: Applied;
    try {
      prepared = prepare();
      result = write(model, replica, prepared);
    } catch (error) {
      failed(what, error);
      return;
    }
    applied(prepared, result);
    done();
  }
}
