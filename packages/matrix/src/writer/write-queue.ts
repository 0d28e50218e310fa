import { compareRegisters, type ObjectId, type ObjectRegisters, type Path, type Register } from '@weft/core';
import { type Backoff, backoffMs } from '../backoff.ts';
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
  readonly firstMs: number;
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
}

/** What to do now: write an object, wait, or nothing. */
export type Due =
  | { readonly kind: 'write'; readonly id: ObjectId; readonly registers: ReadonlyMap<Path, Register> }
  | { readonly kind: 'wait'; readonly untilMs: number }
  | { readonly kind: 'idle' };

/** Which dirty object is written next, and when: decides, does nothing. */
export class WriteQueue {
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

  /** Invariant: an object whose dirty registers were all accepted is not written again until it is known to be lost. */
  next(nowMs: number, hurry: boolean): Due {
    let first: { id: ObjectId; item: Item } | null = null;
    let untilMs = Number.POSITIVE_INFINITY;
    for (const [id, item] of this.#items) {
      const dueMs = dueAt(item, hurry);
      if (dueMs > nowMs) untilMs = Math.min(untilMs, dueMs);
      else if (first === null || item.firstMs < first.item.firstMs) first = { id, item };
    }
    if (first !== null) return { kind: 'write', id: first.id, registers: first.item.registers };
    return untilMs === Number.POSITIVE_INFINITY ? { kind: 'idle' } : { kind: 'wait', untilMs };
  }

  accepted(id: ObjectId, registers: ReadonlyMap<Path, Register>, event: EventId, nowMs: number): void {
    const item = this.#items.get(id);
    if (item === undefined) return;
    item.sent = { registers, event, atMs: nowMs };
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
    for (const [id, { sent }] of this.#items)
      if (sent !== null && events.has(sent.event)) this.#lost(id, nowMs);
  }

  /** The state was read at that time: what had been accepted before and is dirty still is not in it. */
  read(askedAtMs: number, nowMs: number): void {
    for (const [id, { sent }] of this.#items)
      if (sent !== null && sent.atMs < askedAtMs) this.#lost(id, nowMs);
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

  #lost(id: ObjectId, nowMs: number): void {
    const item = this.#items.get(id);
    if (item === undefined) return;
    item.sent = null;
    this.#delay(id, nowMs, REPLACED);
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
  };
}

function dueAt(item: Item, hurry: boolean): number {
  if (item.isolated) return Number.POSITIVE_INFINITY;
  if (item.sent !== null && covers(item.sent.registers, item.registers)) return Number.POSITIVE_INFINITY;
  const settledMs = hurry ? item.firstMs : Math.min(item.changedMs + QUIET_MS, item.firstMs + MAX_WAIT_MS);
  return Math.max(settledMs, item.notBeforeMs);
}

/** Whether every register of `some` is one of `all`. By what they say: those of a file are made anew at each reading. */
function covers(all: ReadonlyMap<Path, Register>, some: ReadonlyMap<Path, Register>): boolean {
  for (const [path, register] of some) {
    const other = all.get(path);
    if (other === undefined || compareRegisters(other, register) !== 0) return false;
  }
  return true;
}
