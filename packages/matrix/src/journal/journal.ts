import { type ActorId, type Backoff, backoffMs, type Patch } from '@weft/core';
import { StoreError, type WorldStore } from '@weft/store';
import type { RoomId } from '../ids.ts';
import type { Stop, Timers } from '../timers.ts';
import {
  emptyBatch,
  isEmptyBatch,
  type JournalBatch,
  type JournalUpdate,
  mergeBatches,
  type Waiting,
} from './journal-batch.ts';
import type { JournalContents } from './journal-contents.ts';
import { blobRecordKey, JournalRecords, type JournalRecordsOptions, recordKeyOf } from './journal-records.ts';
import { stateRecordKey } from './state-record.ts';

export interface JournalOptions extends Omit<JournalRecordsOptions, 'now'> {
  readonly timers: Timers;
  /** A fraction in [0, 1), for jitter. */
  readonly fraction: () => number;
}

const RETRY: Backoff = { firstMs: 250, maxMs: 60_000 };
/** So many times a step of the room waits for the device; then the world goes on without it. */
const MAX_TRIES_WAITED_FOR = 3;
/** Steps that wait for a device that takes nothing; past it the journal is given up, and stays what it was. */
export const MAX_UNWRITTEN_EVENTS = 10_000;

/**
 * What a device keeps of a room, so that a world opens without a network and an edit survives the end of the process.
 * One transaction at a time; what comes up during one goes into the next. A journal that lags is no danger: it stands at
 * an earlier moment, and a client that opens it follows the room on from there.
 */
export class Journal {
  /** What was found in the store; `null` where it was new. */
  readonly contents: JournalContents | null;
  readonly #store: WorldStore;
  readonly #timers: Timers;
  readonly #fraction: () => number;
  readonly #records: JournalRecords;
  readonly #listeners = new Set<() => void>();
  #queue: JournalBatch = emptyBatch;
  #tried: JournalBatch = emptyBatch;
  #writing: Promise<void> | null = null;
  #failures = 0;
  #trouble: Error | null = null;
  #isOver = false;
  #stopTimer: Stop = () => {};

  constructor(options: JournalOptions) {
    const { store, timers, fraction, contents } = options;
    this.#store = store;
    this.#timers = timers;
    this.#fraction = fraction;
    this.contents = contents;
    this.#records = new JournalRecords({ ...options, now: () => timers.now() });
  }

  get room(): RoomId {
    return this.#records.head.room;
  }

  /** Whether what was found is the whole state of a room that this user was in, so that it can be opened from here. */
  get tells(): boolean {
    if (this.contents === null || this.contents.head.readMs === null) return false;
    const { user } = this.#records.head;
    return this.contents.state.some(
      ({ type, stateKey, content }) =>
        type === 'm.room.member' && stateKey === user && content.membership === 'join',
    );
  }

  /** Why the latest edits would not survive the end of this process; `null` where they would. */
  get notKept(): string | null {
    if (this.#trouble !== null) return this.#trouble.message;
    return this.#store.outlivesProcess ? null : 'It is kept in memory, as long as this program runs.';
  }

  /** What keeps it from writing now; `null` where nothing does. */
  get trouble(): Error | null {
    return this.#trouble;
  }

  /** Running clients whose edits are this device's own, the newest last. */
  get actors(): readonly ActorId[] {
    return this.#records.head.actors;
  }

  /** Calls the listener whenever `notKept` may have changed. */
  onChange(listener: () => void): Stop {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The file of a blob; `null` where it is not here, or is not what was written. */
  readBlob(sha256: string): Promise<Uint8Array | null> {
    return this.#store.read(blobRecordKey(sha256)).catch(() => null);
  }

  /** Takes the file of a blob that was verified. */
  keepBlob(sha256: string, file: Uint8Array): void {
    if (!this.#records.head.blobs.includes(sha256))
      this.#add({ ...emptyBatch, blobs: new Map([[sha256, file]]) });
  }

  /** Takes an edit that was just made. */
  keepEdit(patch: Patch): void {
    this.#add({ ...emptyBatch, edits: [patch] });
  }

  /** Something of what was pending is not any more. */
  pendingChanged(): void {
    this.#add({ ...emptyBatch, isPendingStale: true });
  }

  /**
   * Resolves when the device holds every edit up to now; waits while it has no room.
   *
   * @throws StoreError once it is certain that it will not: the journal was closed or given up before
   */
  kept(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = { ...emptyBatch, waiting: [{ isEdit: true, resolve, reject }] };
    if (this.#isOver) reject(this.#trouble ?? closed());
    else if (this.#queue.edits.length > 0) this.#add(waiting);
    else if (this.#tried.edits.length > 0) this.#tried = mergeBatches(this.#tried, waiting);
    else resolve();
    return promise;
  }

  /** Resolves when a step of the room is written, or when the device was waited for long enough. */
  keepUpdate(update: JournalUpdate): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const isWaitedFor = !this.#isOver && this.#failures < MAX_TRIES_WAITED_FOR;
    if (!isWaitedFor) resolve();
    this.#add(batchOf(update, isWaitedFor ? [{ isEdit: false, resolve, reject: () => resolve() }] : []));
    return promise;
  }

  /** Tries once more to write what waits, then lets the next opener in. */
  async close(): Promise<void> {
    this.#stopTimer();
    await this.#writing;
    this.#stopTimer();
    if (!this.#isOver && !isEmptyBatch(this.#queue)) await this.#write();
    this.#end(this.#trouble ?? closed());
    await this.#store.close();
  }

  #add(batch: JournalBatch): void {
    if (this.#isOver) return;
    this.#queue = mergeBatches(this.#queue, batch);
    const unwritten = this.#queue.past.length + this.#queue.edits.length;
    if (this.#trouble === null) this.#pump();
    else if (unwritten > MAX_UNWRITTEN_EVENTS) this.#giveUp(this.#trouble);
  }

  #pump(): void {
    if (this.#isOver || this.#writing !== null || isEmptyBatch(this.#queue)) return;
    this.#writing = this.#write().finally(() => {
      this.#writing = null;
      if (this.#failures === 0) this.#pump();
      else this.#retryLater();
    });
  }

  async #write(): Promise<void> {
    this.#tried = this.#queue;
    this.#queue = emptyBatch;
    const failure = await this.#failureOf(this.#tried);
    const tried = this.#tried;
    this.#tried = emptyBatch;
    if (failure === null) this.#onWritten(tried.waiting);
    else {
      this.#queue = mergeBatches(tried, this.#queue);
      this.#onFailure(failure);
    }
  }

  async #failureOf(batch: JournalBatch): Promise<Error | null> {
    try {
      const step = await this.#records.stepOf(batch);
      await this.#store.write(step.change);
      this.#records.done(step);
      return null;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #onWritten(waiting: readonly Waiting[]): void {
    this.#failures = 0;
    const wasInTrouble = this.#trouble !== null;
    this.#trouble = null;
    for (const { resolve } of waiting) resolve();
    if (wasInTrouble) this.#tell();
  }

  #onFailure(error: Error): void {
    this.#failures += 1;
    const isNews = this.#trouble?.message !== error.message;
    this.#trouble = error;
    if (!(error instanceof StoreError) || !error.retry) {
      this.#giveUp(error);
      return;
    }
    if (this.#failures >= MAX_TRIES_WAITED_FOR) {
      const { waiting } = this.#queue;
      for (const { isEdit, resolve } of waiting) if (!isEdit) resolve();
      this.#queue = { ...this.#queue, waiting: waiting.filter(({ isEdit }) => isEdit) };
    }
    if (isNews) this.#tell();
  }

  #retryLater(): void {
    if (this.#isOver) return;
    this.#stopTimer();
    this.#stopTimer = this.#timers.after(backoffMs(RETRY, this.#failures, this.#fraction()), () =>
      this.#pump(),
    );
  }

  /** What is in the store stays what it is: true of an earlier moment. */
  #giveUp(error: Error): void {
    this.#trouble = error;
    this.#end(error);
    this.#tell();
  }

  #end(error: Error): void {
    this.#isOver = true;
    for (const { reject } of this.#queue.waiting) reject(error);
    this.#queue = emptyBatch;
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

function batchOf(update: JournalUpdate, waiting: readonly Waiting[]): JournalBatch {
  const { current, gone, past, remains, folded, purged, retracted, blobsInUse, token, readMs } = update;
  const state = new Map([
    ...gone.map(([type, key]) => [stateRecordKey(type, key), null] as const),
    ...current.map((event) => [recordKeyOf(event), event] as const),
  ]);
  return {
    ...emptyBatch,
    state,
    past,
    remains,
    folded,
    purged,
    retracted: new Set(retracted),
    blobsInUse,
    token,
    readMs,
    waiting,
  };
}

function closed(): StoreError {
  return new StoreError('closed', {
    what: 'keep an edit on this device',
    expected: 'an open world',
    got: 'one that was closed',
    hint: 'Wait for edit.kept before you close the world.',
  });
}
