import { type Backoff, backoffMs, type ObjectId } from '@weft/core';
import type { HomeserverError } from '../errors.ts';
import type { Choosing, Write } from './choose-carrier.ts';
import { staleCarriers } from './tidy.ts';
import type { ViewLog } from './view-log.ts';

const RETRY: Backoff = { firstMs: 2000, maxMs: 10 * 60_000 };

interface Refusal {
  readonly failures: number;
  /** Infinite where waiting alone would not help. */
  readonly dueMs: number;
}

/**
 * Which of this user's carriers still hold what was purged. One that cannot be written now is tried again until it is,
 * and keeps neither the others nor anybody's edit waiting.
 */
export class Cleaning {
  readonly #choosing: Choosing;
  readonly #views: Pick<ViewLog, 'isUnderWay'>;
  readonly #fraction: () => number;
  readonly #purged = new Set<ObjectId>();
  /** By type and state key. */
  readonly #refused = new Map<string, Refusal>();
  #last: Write | null = null;

  constructor(choosing: Choosing, views: Pick<ViewLog, 'isUnderWay'>, fraction: () => number) {
    this.#choosing = choosing;
    this.#views = views;
    this.#fraction = fraction;
  }

  /** These objects were purged. */
  purge(ids: Iterable<ObjectId>): void {
    for (const id of ids) this.#purged.add(id);
  }

  /** The next carrier, written without what was purged; `null` where all are clean, or none can be written now. */
  next(nowMs: number): Write | null {
    const isUnderWay = (id: ObjectId) => this.#views.isUnderWay(id);
    for (const { type, stateKey, write } of staleCarriers(this.#choosing, this.#purged, isUnderWay)) {
      if ((this.#refused.get(nameOf({ type, stateKey }))?.dueMs ?? nowMs) > nowMs) continue;
      const tidied = write();
      if (tidied === null) continue;
      this.#last = tidied;
      return tidied;
    }
    for (const [name, { dueMs }] of this.#refused) if (dueMs <= nowMs) this.#refused.delete(name);
    // What was accepted may never be shown: a state resolution can go back to what it replaced.
    if (this.#refused.size === 0 && !this.#choosing.slots.hasUnseen)
      for (const id of this.#purged) if (!isUnderWay(id)) this.#purged.delete(id);
    return null;
  }

  /** When a carrier that was refused is due again, of those that are not yet; infinite where none waits. */
  dueMs(nowMs: number): number {
    return Math.min(...[...this.#refused.values()].flatMap(({ dueMs }) => (dueMs > nowMs ? dueMs : [])));
  }

  isLast(write: Write): boolean {
    return write === this.#last;
  }

  accepted(write: Write): void {
    this.#refused.delete(nameOf(write));
  }

  /** The homeserver did not take the last one. */
  failed(write: Write, code: HomeserverError['code'] | null, nowMs: number): void {
    const failures = (this.#refused.get(nameOf(write))?.failures ?? 0) + 1;
    const waitMs =
      code === 'forbidden' ? Number.POSITIVE_INFINITY : backoffMs(RETRY, failures, this.#fraction());
    this.#refused.set(nameOf(write), { failures, dueMs: nowMs + waitMs });
  }

  /** Who may write what has changed. */
  retry(): void {
    this.#refused.clear();
  }
}

function nameOf({ type, stateKey }: Pick<Write, 'type' | 'stateKey'>): string {
  return `${type} ${stateKey}`;
}
