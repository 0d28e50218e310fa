import {
  isPersonalObjectId,
  isPersonalObjectOf,
  type ObjectId,
  type ObjectRegisters,
  type Path,
  type Register,
  type Time,
  type UserId,
  writerHashOf,
} from '@weft/core';
import type { Stop, Timers } from '../timers.ts';
import { type Part, turnDelayMs } from './turn.ts';

/** What the room holds, as far as this client knows its state. */
export interface HeldByRoom {
  missing(id: ObjectId, registers: ReadonlyMap<Path, Register>): readonly (readonly [Path, Register])[];
  object(id: ObjectId): { readonly sender: UserId } | undefined;
  /** Until when the room says that the object was purged. */
  purgeOf(id: ObjectId): Time | null;
  /** Carriers of which is not known what they say. */
  readonly unread: readonly unknown[];
}

/** All that ever came from an authorised carrier of the room, and was not taken back. */
export interface EverHeld {
  /** The objects that hold a register or were purged. */
  mentioned(): Iterable<ObjectId>;
  get(id: ObjectId): ReadonlyMap<Path, Register> | undefined;
  purgeOf(id: ObjectId): Time | null;
}

export interface RepairsOptions {
  readonly room: HeldByRoom;
  readonly base: EverHeld;
  /** Whether this user made the register, on this client or another. */
  readonly isOwn: (register: Register) => boolean;
  readonly user: UserId;
  /** What this client does for what others made; `null` where nothing, as for one who may not write. */
  readonly part: () => Part | null;
  readonly timers: Timers;
  readonly fraction: () => number;
  /** These objects are to be written now; told once for each loss. */
  readonly due: (ids: readonly ObjectId[]) => void;
  /** The room's state is to be read before others' registers are written. */
  readonly read: () => void;
}

interface Loss {
  readonly part: Part['kind'];
  readonly dueMs: number;
  /** A reading of the state that was asked for when it was due found it lost still. */
  confirmed: boolean;
  told: boolean;
}

const NONE: ReadonlyMap<Path, Register> = new Map();

/**
 * Finds registers and purges that the room held and holds no more, and says when this client has to write them again. They go
 * when somebody writes a key without having seen them (Matrix has no compare-and-set), when a state resolution takes
 * the other side, or when a server loses its memory. What is written again is what the room had let in before, under
 * its old stamps: it lends nobody a power that they had not.
 */
export class Repairs {
  readonly #options: RepairsOptions;
  readonly #losses = new Map<ObjectId, Loss>();
  readonly #refused = new WeakSet<Register>();
  readonly #refusedPurges = new Map<ObjectId, Time>();
  /** What is to be looked at once every carrier can be read: until then, unknown is not lost. */
  readonly #unchecked = new Map<ObjectId, UserId | null>();
  #stopTimer: Stop = () => {};

  constructor(options: RepairsOptions) {
    this.#options = options;
  }

  /** How many objects the room is known to have lost registers of that this client will write again. */
  get size(): number {
    return this.#losses.size;
  }

  /** The room says something else of these objects than before, by whom; `null` where it says nothing any more. */
  check(touched: ReadonlyMap<ObjectId, UserId | null>): void {
    for (const [id, sender] of touched) this.#unchecked.set(id, sender);
    if (this.#isIncomplete) return;
    for (const [id, sender] of this.#unchecked) this.#note(id, sender);
    this.#unchecked.clear();
    this.#schedule();
    this.#tell();
  }

  /** The whole state was read: everything is compared with it. Costs the whole world. */
  checkAll(askedAtMs: number): void {
    if (this.#isIncomplete) return;
    for (const id of this.#options.base.mentioned()) this.#note(id, null);
    this.#unchecked.clear();
    for (const loss of this.#losses.values()) if (loss.dueMs <= askedAtMs) loss.confirmed = true;
    this.#schedule();
    this.#tell();
  }

  /** What is to be written again by now; of an object that lost its purge alone, no register. */
  due(): ObjectRegisters {
    const due = new Map<ObjectId, ReadonlyMap<Path, Register>>();
    if (this.#isIncomplete) return due;
    const nowMs = this.#options.timers.now();
    for (const [id, loss] of this.#losses) {
      if (!isDue(loss, nowMs)) continue;
      const lost = this.#lost(id);
      if (this.#isWhole(id, lost)) this.#losses.delete(id);
      else due.set(id, lost);
    }
    return due;
  }

  /** What is dirty anyhow, with what is due. */
  with(dirty: ObjectRegisters): ObjectRegisters {
    const all = new Map(dirty);
    for (const [id, lost] of this.due()) all.set(id, new Map([...lost, ...(dirty.get(id) ?? [])]));
    return all;
  }

  /** The room refuses to hold them again. */
  giveUp(registers: ObjectRegisters): void {
    for (const [id, refused] of registers) {
      for (const register of refused.values()) this.#refused.add(register);
      const purge = this.#options.base.purgeOf(id);
      if (purge !== null) this.#refusedPurges.set(id, purge);
      this.#losses.delete(id);
    }
  }

  stop(): void {
    this.#stopTimer();
    this.#losses.clear();
    this.#unchecked.clear();
  }

  get #isIncomplete(): boolean {
    return this.#options.room.unread.length > 0;
  }

  #note(id: ObjectId, sender: UserId | null): void {
    const { timers, fraction } = this.#options;
    const lost = this.#lost(id);
    const part = this.#isWhole(id, lost) ? null : this.#partIn(id, lost, sender);
    if (part === null) {
      this.#losses.delete(id);
      return;
    }
    const dueMs = timers.now() + turnDelayMs(part, fraction());
    const known = this.#losses.get(id);
    if (known !== undefined && known.dueMs <= dueMs) return;
    const told = known?.told ?? false;
    this.#losses.set(id, { part: part.kind, dueMs, confirmed: !needsReading(part.kind), told });
  }

  #partIn(id: ObjectId, lost: ReadonlyMap<Path, Register>, sender: UserId | null): Part | null {
    const { room, user, isOwn, part } = this.#options;
    if (isPersonalObjectId(id)) return { kind: 'author' };
    const own = part();
    if (own === null) return null;
    if (sender === user || room.object(id)?.sender === user) return { kind: 'overwriter' };
    for (const register of lost.values()) if (isOwn(register)) return { kind: 'author' };
    return own;
  }

  /** Nothing of the object is lost: neither a register nor that it was purged, which is for those to carry on who know it. */
  #isWhole(id: ObjectId, lost: ReadonlyMap<Path, Register>): boolean {
    const { room, base, user } = this.#options;
    // Only its owner can speak of a personal object.
    if (isPersonalObjectId(id) && !isPersonalObjectOf(writerHashOf(user), id)) return true;
    const purge = base.purgeOf(id);
    if (lost.size > 0 || purge === null) return lost.size === 0;
    if (this.#refusedPurges.get(id) === purge) return true;
    return (room.purgeOf(id) ?? -1) >= purge;
  }

  #lost(id: ObjectId): ReadonlyMap<Path, Register> {
    const { room, base } = this.#options;
    const missing = room.missing(id, base.get(id) ?? NONE);
    if (missing.length === 0) return NONE;
    return new Map(missing.filter(([, register]) => !this.#refused.has(register)));
  }

  #schedule(): void {
    const { timers } = this.#options;
    this.#stopTimer();
    const nowMs = timers.now();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { dueMs } of this.#losses.values()) if (dueMs > nowMs) nextMs = Math.min(nextMs, dueMs);
    if (nextMs === Number.POSITIVE_INFINITY) return;
    this.#stopTimer = timers.after(nextMs - nowMs, () => this.#onTime());
  }

  #tell(): void {
    const ids = [...this.due().keys()].filter((id) => this.#losses.get(id)?.told === false);
    for (const id of ids) {
      const loss = this.#losses.get(id);
      if (loss !== undefined) loss.told = true;
    }
    if (ids.length > 0) this.#options.due(ids);
  }

  #onTime(): void {
    const nowMs = this.#options.timers.now();
    const waiting = [...this.#losses.values()].filter(({ dueMs }) => dueMs <= nowMs);
    this.#tell();
    if (waiting.some(({ confirmed }) => !confirmed)) this.#options.read();
    this.#schedule();
  }
}

function isDue({ dueMs, confirmed }: Loss, nowMs: number): boolean {
  return confirmed && dueMs <= nowMs;
}

// What others made may be back already, or be somebody else's to write: a look at the state comes before.
function needsReading(part: Part['kind']): boolean {
  return part === 'guardian' || part === 'member';
}
