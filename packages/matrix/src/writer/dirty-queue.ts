import {
  type Backoff,
  backoffMs,
  isSameRegister,
  type ObjectId,
  type ObjectRegisters,
  type Path,
  type Register,
} from '@weft/core';
import type { EventId } from '../ids.ts';

/** An object is written once it was left alone for so long, ... */
const QUIET_MS = 150;
/** ... and after this long at the latest, however busily it is being changed. */
const MAX_WAIT_MS = 1000;
/** How long the sync may take to show what the homeserver accepted before its state is asked for. */
export const SHOW_TIMEOUT_MS = 15_000;
const FAILED: Backoff = { firstMs: 500, maxMs: 60_000 };
/** Two writers that keep replacing each other slow down instead of burning their allowance. */
const REPLACED: Backoff = { firstMs: 50, maxMs: 60_000 };

interface Item {
  firstMs: number;
  changedMs: number;
  registers: ReadonlyMap<Path, Register>;
  /** Accepted by the homeserver, not yet seen in the room's state. */
  sent: {
    readonly registers: ReadonlyMap<Path, Register>;
    readonly event: EventId;
    readonly atMs: number;
  } | null;
  /** Refused for what it is: another try is pointless until its registers change. */
  isolated: boolean;
  failures: number;
  notBeforeMs: number;
  /** With how many others at most it goes into one event: halved whenever such an event failed. */
  company: number;
}

/** What one write is to hold. */
export interface Batch {
  /** The oldest first; never empty. */
  readonly objects: ObjectRegisters;
  /** Since when the oldest of them has been dirty. */
  readonly firstMs: number;
}

/** What may be written now; or when something may be, `null` where nothing is waiting. */
export type Due =
  | { readonly batch: Batch; readonly nextMs: null }
  | { readonly batch: null; readonly nextMs: number | null };

/** Which dirty objects are written next, and when: decides, does nothing. */
export class DirtyQueue {
  readonly #items = new Map<ObjectId, Item>();
  readonly #fraction: () => number;

  constructor(fraction: () => number) {
    this.#fraction = fraction;
  }

  /** Takes in what is dirty now. */
  update(dirty: ObjectRegisters, nowMs: number): void {
    for (const id of this.#items.keys()) if (!dirty.has(id)) this.#items.delete(id);
    for (const [id, registers] of dirty) {
      const item = this.#items.get(id);
      if (item === undefined) this.#items.set(id, newItem(registers, nowMs));
      else if (!covers(item.registers, registers)) {
        item.changedMs = nowMs;
        item.isolated = false;
        item.registers = registers;
      } else item.registers = registers;
    }
  }

  /**
   * Once one object has come to rest, all go that may: an event holds many as well as one. Those that failed in an event
   * with others go after the rest, and fewer at once. Invariant: an object whose dirty registers were all accepted is not
   * written again until it is known to be lost.
   */
  next(nowMs: number, hurry: boolean): Due {
    let nextMs = Number.POSITIVE_INFINITY;
    let isDue = false;
    let company = 0;
    const able: [ObjectId, Item][] = [];
    for (const [id, item] of this.#items) {
      const dueMs = dueAt(item, hurry);
      if (dueMs === Number.POSITIVE_INFINITY) continue;
      if (dueMs > nowMs) nextMs = Math.min(nextMs, dueMs);
      else isDue = true;
      if (item.notBeforeMs > nowMs) continue;
      able.push([id, item]);
      company = Math.max(company, item.company);
    }
    if (!isDue) return { batch: null, nextMs: nextMs === Number.POSITIVE_INFINITY ? null : nextMs };
    const chosen = able
      .filter(([, item]) => item.company === company)
      .sort(([, a], [, b]) => a.firstMs - b.firstMs)
      .slice(0, company);
    const objects = new Map(chosen.map(([id, { registers }]) => [id, registers]));
    const firstMs = chosen.reduce((first, [, item]) => Math.min(first, item.firstMs), nowMs);
    return { batch: { objects, firstMs }, nextMs: null };
  }

  accepted(written: ObjectRegisters, event: EventId, nowMs: number): void {
    for (const [id, registers] of written) {
      const item = this.#items.get(id);
      if (item === undefined) continue;
      item.sent = { registers, event, atMs: nowMs };
      // What came while it was under way has waited no longer than that.
      item.firstMs = nowMs;
    }
    // What failed did so for what it is, or in a bad moment of the server: the rest is tried together again.
    for (const item of this.#items.values()) item.company = Number.POSITIVE_INFINITY;
  }

  /** An event with all of these failed: half of them at once from now on. */
  part(failed: ObjectRegisters): void {
    const company = Math.ceil(failed.size / 2);
    for (const id of failed.keys()) {
      const item = this.#items.get(id);
      if (item !== undefined) item.company = company;
    }
  }

  /** The write failed for what it is: it is left out, so that it does not hold up the others. */
  isolate(id: ObjectId): void {
    const item = this.#items.get(id);
    if (item !== undefined) item.isolated = true;
  }

  /** The homeserver failed on it: others go first, and it is tried again later. */
  postpone(id: ObjectId, nowMs: number): number {
    return this.#delay(id, nowMs, FAILED);
  }

  /** What was accepted and shown, and is dirty all the same, was replaced without being read: it is due again. */
  shown(events: ReadonlySet<EventId>, nowMs: number): void {
    for (const [id, item] of this.#items)
      if (item.sent !== null && events.has(item.sent.event)) this.#arrived(id, item, nowMs);
  }

  /** The state was read at that time: what had been accepted before and is dirty still is not in it. */
  read(askedAtMs: number, nowMs: number): void {
    for (const [id, item] of this.#items)
      if (item.sent !== null && item.sent.atMs < askedAtMs) this.#arrived(id, item, nowMs);
  }

  /** The server works again after it failed on everything: nobody has to wait for it any more. */
  recover(): void {
    for (const item of this.#items.values()) item.notBeforeMs = Number.NEGATIVE_INFINITY;
  }

  /** When an accepted write will have been out of sight for too long; `null` where none is. */
  get overdueMs(): number | null {
    let firstMs: number | null = null;
    for (const { sent } of this.#items.values())
      if (sent !== null) firstMs = Math.min(firstMs ?? Number.POSITIVE_INFINITY, sent.atMs + SHOW_TIMEOUT_MS);
    return firstMs;
  }

  get size(): number {
    return this.#items.size;
  }

  // What is dirty for newer edits alone lost nothing.
  #arrived(id: ObjectId, item: Item, nowMs: number): void {
    const { sent, registers } = item;
    item.sent = null;
    const isLost = [...(sent?.registers ?? [])].some(([path, register]) =>
      isSameRegister(registers.get(path), register),
    );
    if (isLost) this.#delay(id, nowMs, REPLACED);
  }

  #delay(id: ObjectId, nowMs: number, backoff: Backoff): number {
    const item = this.#items.get(id);
    if (item === undefined) return 0;
    item.failures += 1;
    item.notBeforeMs = nowMs + backoffMs(backoff, item.failures, this.#fraction());
    return item.failures;
  }
}

function newItem(registers: ReadonlyMap<Path, Register>, nowMs: number): Item {
  return {
    firstMs: nowMs,
    changedMs: nowMs,
    registers,
    sent: null,
    isolated: false,
    failures: 0,
    notBeforeMs: Number.NEGATIVE_INFINITY,
    company: Number.POSITIVE_INFINITY,
  };
}

function dueAt(item: Item, hurry: boolean): number {
  if (item.isolated) return Number.POSITIVE_INFINITY;
  if (item.sent !== null && covers(item.sent.registers, item.registers)) return Number.POSITIVE_INFINITY;
  const settledMs = hurry ? item.firstMs : Math.min(item.changedMs + QUIET_MS, item.firstMs + MAX_WAIT_MS);
  return Math.max(settledMs, item.notBeforeMs);
}

/** Whether every register of `some` is one of `all`. */
function covers(all: ReadonlyMap<Path, Register>, some: ReadonlyMap<Path, Register>): boolean {
  for (const [path, register] of some) if (!isSameRegister(all.get(path), register)) return false;
  return true;
}
