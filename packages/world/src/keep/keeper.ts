import { type Backoff, backoffMs, emptyPatch, type Patch, type Replica, type UserId } from '@weft/core';
import { type Journal, openRoomJournal, type RoomId, type RoomSession, type Stop } from '@weft/matrix';
import { StoreError, type StorePlace, storeErrorOf } from '@weft/store';
import type { Platform } from '../platform.ts';
import { SavedEdits } from './saved-edits.ts';
import { storeName } from './store-name.ts';

export interface KeeperOptions {
  readonly place: StorePlace;
  readonly user: UserId;
  readonly room: RoomId;
  readonly replica: Replica;
  readonly platform: Platform;
}

/** How often a store that somebody else holds, or that fails, is tried again: a page that was just left takes a moment. */
const RETRY: Backoff = { firstMs: 200, maxMs: 5000 };

/** Keeps one world on this device: opens its journal, now or when the store is free, and closes it with the world. */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #name: string;
  #journal: Journal | null = null;
  #trouble: StoreError | null = null;
  readonly #savedEdits: SavedEdits;
  /** Edits of a damaged journal that are in no other yet. */
  #saved: Patch | null = null;
  #session: RoomSession | null = null;
  #problem: (error: StoreError) => void = () => {};
  #failures = 0;
  #stopTimer: Stop = () => {};
  #closed = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#name = storeName(options.user, options.room);
    this.#savedEdits = new SavedEdits(options.place, this.#name);
  }

  /** Why edits would not survive the end of this program, as a sentence; `null` where they do. */
  get notKept(): string | null {
    return this.#journal === null ? (this.#trouble?.message ?? null) : this.#journal.notKept;
  }

  /** The journal, where the store is there and free. What is damaged is put aside, and begun anew. Never rejects. */
  async open(): Promise<Journal | null> {
    const { place } = this.#options;
    try {
      this.#journal = await this.#openOnce();
      return this.#journal;
    } catch (error) {
      const failure = storeErrorOf('open what this device keeps', error);
      this.#trouble = failure;
      if (failure.code !== 'corrupt') return null;
      try {
        await this.#savedEdits.keep(this.#saved ?? emptyPatch);
        const aside = await place.setAside(this.#name);
        this.#trouble = damaged(failure, aside);
        this.#journal = await this.#openOnce();
      } catch (again) {
        this.#trouble = storeErrorOf('put aside what cannot be read', again);
      }
      return this.#journal;
    }
  }

  /** The world is open: edits that were saved from a damaged journal go on, and what is in the way is told of. */
  attach(session: RoomSession, problem: (error: StoreError) => void): void {
    this.#session = session;
    this.#problem = problem;
    if (this.#trouble !== null) problem(this.#trouble);
    if (this.#saved !== null) session.write(this.#saved, 'local');
    this.#saved = null;
    if (this.#journal === null) this.#retryLater();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopTimer();
    await this.#journal?.close().catch((error: unknown) => this.#problem(storeErrorOf('close', error)));
  }

  async #openOnce(): Promise<Journal> {
    const { place, user, room, replica, platform } = this.#options;
    const { timers, random } = platform;
    const store = await place.open(this.#name);
    try {
      let edits: Patch | null = null;
      const saved = async () => {
        edits = await this.#savedEdits.read();
        return edits;
      };
      const opened = await openRoomJournal({ store, user, room, replica, timers, random, saved });
      if (opened.kind === 'open') {
        this.#saved = null;
        // Nobody reads the note while there is a journal, so it may as well stay.
        if (edits !== null) await this.#savedEdits.keep(emptyPatch).catch(() => undefined);
        return opened.journal;
      }
      if (opened.pending.objects.size > 0) this.#saved = opened.pending;
      throw opened.error;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  #retryLater(): void {
    if (this.#closed || this.#trouble?.retry !== true) return;
    this.#failures += 1;
    const delayMs = backoffMs(RETRY, this.#failures, 0);
    this.#stopTimer = this.#options.platform.timers.after(delayMs, () => void this.#retry());
  }

  async #retry(): Promise<void> {
    const journal = await this.open();
    if (this.#closed) {
      await journal?.close();
      return;
    }
    if (journal === null) this.#retryLater();
    else this.#session?.attach(journal);
  }
}

function damaged(error: StoreError, aside: string): StoreError {
  return new StoreError('corrupt', {
    what: 'open what this device kept',
    expected: 'what was written',
    got: error.message,
    hint: `It is at ${aside} now; the world was read from its room, and edits that could be saved are sent again.`,
    ...(error.key === null ? {} : { key: error.key }),
    cause: error,
  });
}
