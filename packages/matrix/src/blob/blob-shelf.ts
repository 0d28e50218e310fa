import { type AdmittedPatch, type Backoff, type BlobPointer, backoffMs } from '@weft/core';
import type { Stop, Timers } from '../timers.ts';
import { BlobCache } from './blob-cache.ts';
import { type BlobSourcesPorts, fetchBlob } from './fetch-blob.ts';

/** A carrier of which is not known what it says, since its blob could not be read yet. */
export interface UnreadCarrier {
  /** Event type and state key. */
  readonly carrier: string;
  /** Why, as a sentence; `null` while it is fetched for the first time. */
  readonly reason: string | null;
  /** When it is tried again, in milliseconds by the local clock; `null` while it is tried, and where it never is. */
  readonly nextTryMs: number | null;
}

export interface WantedBlob {
  readonly carrier: string;
  readonly pointer: BlobPointer;
}

export interface BlobShelfPorts extends Omit<BlobSourcesPorts, 'turn'> {
  readonly timers: Timers;
  readonly fraction: () => number;
  /** A blob can be looked up from now on. */
  readonly arrived: (pointer: BlobPointer) => void;
  /** A try failed; told once for each reason. */
  readonly failed: (unread: UnreadCarrier) => void;
  /** `unread` is another than before. */
  readonly changed: () => void;
}

/** Blobs that a client fetches for one room; of more, the first. */
export const MAX_WANTED_BLOBS = 64;
/** All of them together, in bytes of their files. */
export const MAX_WANTED_BLOB_BYTES = 256 * 1024 * 1024;
/** Fetched at once. */
export const MAX_BLOBS_IN_FLIGHT = 2;
/** How long one try of all sources may take. */
export const BLOB_DEADLINE_MS = 120_000;
/** How long opening a room waits for its blobs. */
export const BLOB_PATIENCE_MS = 10_000;
const RETRY: Backoff = { firstMs: 2000, maxMs: 5 * 60_000 };

/** One blob that is wanted, and how far it got. */
interface Item {
  readonly pointer: BlobPointer;
  carriers: ReadonlySet<string>;
  state: 'waiting' | 'busy' | 'given up';
  failures: number;
  reason: string | null;
  dueMs: number;
  abort: AbortController | null;
}

/**
 * Fetches the blobs that a room's carriers point to: two at once, within bounds, again and again with growing pauses, and
 * keeps what was read. Never holds up anything else.
 */
export class BlobShelf {
  readonly #ports: BlobShelfPorts;
  readonly #cache = new BlobCache();
  readonly #items = new Map<string, Item>();
  readonly #tooMany = new Set<string>();
  #waiters: (() => void)[] = [];
  #told = '';
  #stopTimer: Stop = () => {};
  #stopped = false;

  constructor(ports: BlobShelfPorts) {
    this.#ports = ports;
  }

  /** What a blob says, where it was read. */
  readonly lookUp = (pointer: BlobPointer): AdmittedPatch | undefined => this.#cache.get(pointer);

  /** Carriers that cannot be read yet, and why. */
  get unread(): readonly UnreadCarrier[] {
    const items = [...this.#items.values()].flatMap((item) =>
      [...item.carriers].map((carrier) => unreadOf(carrier, item)),
    );
    const others = [...this.#tooMany].map((carrier) => ({ carrier, reason: TOO_MANY, nextTryMs: null }));
    return [...items, ...others];
  }

  /** This client made the blob itself: no need to fetch it. */
  put(pointer: BlobPointer, found: AdmittedPatch): void {
    this.#cache.put(pointer, found);
  }

  /** These are wanted now, and no others: the first of them before the others. */
  want(wanted: readonly WantedBlob[]): void {
    const { chosen, rest } = choose(wanted);
    for (const [key, item] of this.#items)
      if (!chosen.has(key)) {
        item.abort?.abort();
        this.#items.delete(key);
      }
    for (const [key, { pointer, carriers }] of chosen) {
      const known = this.#items.get(key);
      if (known === undefined) this.#items.set(key, newItem(pointer, carriers));
      else known.carriers = carriers;
    }
    for (const carrier of rest)
      if (!this.#tooMany.has(carrier)) this.#ports.failed({ carrier, reason: TOO_MANY, nextTryMs: null });
    this.#tooMany.clear();
    for (const carrier of rest) this.#tooMany.add(carrier);
    this.#run();
  }

  /** Resolves when every wanted blob was read or has failed once, or after this time. */
  async settled(patienceMs: number): Promise<void> {
    if (this.#isSettled()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = this.#ports.timers.after(patienceMs, resolve);
    this.#waiters.push(resolve);
    await promise;
    stop();
  }

  stop(): void {
    this.#stopped = true;
    this.#stopTimer();
    for (const { abort } of this.#items.values()) abort?.abort();
    this.#tell();
  }

  #run(): void {
    this.#stopTimer();
    if (this.#stopped) return;
    const { timers } = this.#ports;
    let busy = [...this.#items.values()].filter(({ state }) => state === 'busy').length;
    let nextMs = Number.POSITIVE_INFINITY;
    for (const [key, item] of this.#items) {
      if (item.state !== 'waiting') continue;
      if (item.dueMs > timers.now()) nextMs = Math.min(nextMs, item.dueMs);
      else if (busy < MAX_BLOBS_IN_FLIGHT) {
        busy += 1;
        void this.#fetch(key, item);
      }
    }
    if (nextMs < Number.POSITIVE_INFINITY)
      this.#stopTimer = timers.after(nextMs - timers.now(), () => this.#run());
    if (this.#isSettled()) this.#tell();
    this.#tellChange();
  }

  async #fetch(key: string, item: Item): Promise<void> {
    const { timers, fraction, arrived, failed } = this.#ports;
    const abort = new AbortController();
    item.state = 'busy';
    item.abort = abort;
    const [carrier = ''] = item.carriers;
    const { signal } = abort;
    const turn = () => turnUnless(signal, timers);
    const stopDeadline = timers.after(BLOB_DEADLINE_MS, () => abort.abort());
    signal.addEventListener('abort', stopDeadline);
    const fetched = await fetchBlob({ ...this.#ports, turn }, item.pointer, carrier, signal);
    stopDeadline();
    if (this.#stopped || this.#items.get(key) !== item) return;
    item.abort = null;
    if (fetched.kind === 'read') {
      this.#cache.put(item.pointer, fetched.found);
      this.#items.delete(key);
      arrived(item.pointer);
    } else {
      item.failures += 1;
      item.state = fetched.isFinal ? 'given up' : 'waiting';
      item.dueMs = timers.now() + backoffMs(RETRY, item.failures, fraction());
      const isNews = item.reason !== fetched.reason;
      item.reason = fetched.reason;
      if (isNews) for (const name of item.carriers) failed(unreadOf(name, item));
    }
    this.#run();
  }

  #tellChange(): void {
    const unread = this.unread.map(({ carrier, reason }) => `${carrier}\0${reason}`).join('\0');
    if (unread === this.#told) return;
    this.#told = unread;
    this.#ports.changed();
  }

  #isSettled(): boolean {
    return this.#stopped || [...this.#items.values()].every(({ failures }) => failures > 0);
  }

  #tell(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }
}

const TOO_MANY = `There are more blobs than are fetched here (${MAX_WANTED_BLOBS}, ${MAX_WANTED_BLOB_BYTES} bytes).`;

function newItem(pointer: BlobPointer, carriers: ReadonlySet<string>): Item {
  return {
    pointer,
    carriers,
    state: 'waiting',
    failures: 0,
    reason: null,
    dueMs: Number.NEGATIVE_INFINITY,
    abort: null,
  };
}

function unreadOf(carrier: string, { state, reason, dueMs }: Item): UnreadCarrier {
  return { carrier, reason, nextTryMs: state === 'waiting' && reason !== null ? dueMs : null };
}

/** The first blobs within the bounds, and the carriers of the others. */
function choose(wanted: readonly WantedBlob[]): {
  readonly chosen: ReadonlyMap<
    string,
    { readonly pointer: BlobPointer; readonly carriers: ReadonlySet<string> }
  >;
  readonly rest: readonly string[];
} {
  const chosen = new Map<string, { pointer: BlobPointer; carriers: Set<string> }>();
  const rest: string[] = [];
  let bytes = 0;
  for (const { carrier, pointer } of wanted) {
    // The same file may be named with other sources: each is tried as its carrier says.
    const key = JSON.stringify(pointer);
    const known = chosen.get(key);
    if (known !== undefined) known.carriers.add(carrier);
    else if (chosen.size < MAX_WANTED_BLOBS && bytes + pointer.bytes <= MAX_WANTED_BLOB_BYTES) {
      chosen.set(key, { pointer, carriers: new Set([carrier]) });
      bytes += pointer.bytes;
    } else rest.push(carrier);
  }
  return { chosen, rest };
}

/** Gives others a turn; none, and no timer is left, once it is over. */
function turnUnless(signal: AbortSignal, timers: Timers): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      stop();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const stop = timers.after(0, done);
    signal.addEventListener('abort', done);
  });
}
