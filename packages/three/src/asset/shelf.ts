import type { AssetRef } from '@weft/assets';
import { type Backoff, backoffMs, type ObjectId, type Timers } from '@weft/core';
import type { LoadAsset, LoadAssetOptions } from '../source.ts';
import { assetKeyOf } from './asset-ref.ts';
import { AssetRefused } from './asset-refused.ts';
import type { Gate } from './gate.ts';

/** How far one asset has come, for a list that a person reads. */
export interface AssetStatus<User extends string = ObjectId> {
  readonly src: string;
  readonly state: 'loading' | 'ready' | 'failed';
  /** Why it failed, as the end of the sentence "This cannot be shown: ..."; `null` unless failed. */
  readonly reason: string | null;
  /** How much of it has come, 0 to 100; `null` where nobody says how much there is. */
  readonly percent: number | null;
  readonly users: readonly User[];
}

export type Outcome<T> =
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly reason: string };
type Listener<T> = (outcome: Outcome<T> | null) => void;

interface Entry<T, User> {
  readonly ref: AssetRef;
  readonly users: Map<Listener<T>, User>;
  abort: AbortController;
  outcome: Outcome<T> | null;
  percent: number | null;
  /** In a row. */
  failures: number;
  /** Takes back what was to be tried again by itself. */
  stopRetry: () => void;
}

export interface ShelfOptions<T> {
  readonly load: LoadAsset;
  readonly kind: LoadAssetOptions['kind'];
  readonly timers: Pick<Timers, 'after'>;
  readonly gate: Gate;
  decode(bytes: Uint8Array, ref: AssetRef, signal: AbortSignal): Promise<T>;
  dispose(value: T): void;
  /** How many different files are held at once, and what is said of one more; default: as many as there are. */
  readonly most?: { readonly count: number; readonly reason: string };
  /** Called after any status changed. */
  onChange(): void;
}

const MAX_REASON_CHARACTERS = 600;
/** How long what may go away by itself is left alone before it is tried again. */
const RETRY: Backoff = { firstMs: 5_000, maxMs: 300_000 };

/** Loads each asset once for all who use it, and drops it with the last of them. */
export class Shelf<T, User extends string = ObjectId> {
  readonly #options: ShelfOptions<T>;
  readonly #entries = new Map<string, Entry<T, User>>();

  constructor(options: ShelfOptions<T>) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  statuses(): readonly AssetStatus<User>[] {
    return [...this.#entries.values()].map(({ ref, outcome, percent, users }) => ({
      src: ref.src,
      state: outcome === null ? 'loading' : outcome.state,
      reason: outcome?.state === 'failed' ? outcome.reason : null,
      percent,
      users: [...users.values()],
    }));
  }

  /**
   * Calls `listen` now if the outcome is known, and whenever it comes; `null` means loading (again).
   *
   * @returns gives the asset back; nothing is called after that
   */
  use(ref: AssetRef, user: User, listen: Listener<T>): () => void {
    const key = assetKeyOf(ref);
    const entry = this.#entries.get(key) ?? this.#open(key, ref);
    entry.users.set(listen, user);
    listen(entry.outcome);
    this.#options.onChange();
    return () => {
      if (!entry.users.delete(listen)) return;
      if (entry.users.size === 0) this.#close(key, entry);
      this.#options.onChange();
    };
  }

  /** Tries every failed asset of this source again; of any source, where none is given. */
  retry(src?: string): void {
    for (const entry of this.#entries.values()) {
      if ((src !== undefined && entry.ref.src !== src) || entry.outcome?.state !== 'failed') continue;
      entry.stopRetry();
      entry.failures = 0;
      this.#settle(entry, null);
      void this.#fill(entry, true);
    }
  }

  #open(key: string, ref: AssetRef): Entry<T, User> {
    const entry: Entry<T, User> = {
      ...{ ref, users: new Map(), abort: new AbortController(), outcome: null },
      ...{ percent: null, failures: 0, stopRetry: () => undefined },
    };
    this.#entries.set(key, entry);
    void this.#fill(entry);
    return entry;
  }

  #close(key: string, entry: Entry<T, User>): void {
    this.#entries.delete(key);
    entry.abort.abort();
    entry.stopRetry();
    if (entry.outcome?.state === 'ready') this.#options.dispose(entry.outcome.value);
  }

  async #fill(entry: Entry<T, User>, retry = false): Promise<void> {
    const { signal } = entry.abort;
    try {
      const value = await this.#options.gate.run(async () => {
        signal.throwIfAborted();
        this.#refuseOneTooMany(entry);
        const { load, decode, kind } = this.#options;
        const onProgress = (received: number, total: number | null) => this.#advance(entry, received, total);
        const { bytes } = await load(entry.ref, { kind, signal, retry, onProgress });
        return decode(bytes, entry.ref, signal);
      });
      if (signal.aborted) this.#options.dispose(value);
      else this.#settle(entry, { state: 'ready', value });
    } catch (error) {
      if (signal.aborted) return;
      this.#settle(entry, { state: 'failed', reason: reasonOf(error) });
      if (mayPass(error)) this.#fillLater(entry);
    }
  }

  #fillLater(entry: Entry<T, User>): void {
    entry.failures += 1;
    const waitMs = backoffMs(RETRY, entry.failures, 0);
    entry.stopRetry = this.#options.timers.after(waitMs, () => void this.#fill(entry));
  }

  #advance(entry: Entry<T, User>, received: number, total: number | null): void {
    // Where nobody says how much there is, the object's own claim has to do.
    const whole = total ?? entry.ref.bytes ?? 0;
    const percent = whole > 0 ? Math.min(100, Math.floor((received / whole) * 100)) : null;
    if (percent === entry.percent) return;
    entry.percent = percent;
    this.#options.onChange();
  }

  #refuseOneTooMany(entry: Entry<T, User>): void {
    const { most } = this.#options;
    let held = 0;
    let isBefore = true;
    for (const each of this.#entries.values()) {
      if (each === entry) isBefore = false;
      // Of those that are on their way, the earlier ones come first.
      else if (each.outcome?.state === 'ready' || (each.outcome === null && isBefore)) held += 1;
    }
    if (most !== undefined && held >= most.count) throw new AssetRefused(most.reason);
  }

  #settle(entry: Entry<T, User>, outcome: Outcome<T> | null): void {
    entry.outcome = outcome;
    for (const listen of [...entry.users.keys()]) listen(outcome);
    this.#options.onChange();
  }
}

function mayPass(error: unknown): boolean {
  return error instanceof Error && 'retry' in error && error.retry === true;
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.slice(0, MAX_REASON_CHARACTERS);
}
