import type { ActorId, ObjectId, ObjectRegisters, Path, Register, UserId } from '@weft/core';
import type { Stop, Timers } from '../timers.ts';
import type { RoomModel } from './room-model.ts';

export interface RepairsOptions {
  readonly model: RoomModel;
  /** The registers of an object that win, here. */
  readonly registersOf: (id: ObjectId) => ReadonlyMap<Path, Register> | undefined;
  readonly actor: ActorId;
  readonly user: UserId;
  readonly timers: Timers;
  readonly fraction: () => number;
  readonly due: () => void;
}

/** Whoever overwrote it is quicker; the author steps in where that client is gone. */
const AUTHOR_DELAY_MS = 2000;
const NONE: ReadonlyMap<Path, Register> = new Map();

/**
 * Finds registers that the room held and holds no more, because somebody wrote the object without having seen them:
 * Matrix has no compare-and-set, so two honest edits at once end like this. Who overwrote them writes them again, and
 * so does who made them. What a state resolution took from others is left alone: this client lends nobody its power.
 */
export class Repairs {
  readonly #options: RepairsOptions;
  readonly #dueMs = new Map<ObjectId, number>();
  readonly #refused = new WeakSet<Register>();
  /** What is to be looked at again once every carrier can be read. */
  readonly #unchecked = new Map<ObjectId, UserId | null>();
  #stopTimer: Stop = () => {};

  constructor(options: RepairsOptions) {
    this.#options = options;
  }

  /** The room says something else of these objects than before, by whom; `null` where it says nothing any more. */
  check(touched: ReadonlyMap<ObjectId, UserId | null>): void {
    for (const [id, sender] of touched) this.#unchecked.set(id, sender);
    const { model, actor, user, timers, fraction } = this.#options;
    const isWhole = model.unread.length === 0;
    for (const [id, sender] of isWhole ? this.#unchecked : touched) {
      const lost = this.#lost(id);
      const isOverwriter = sender === user || model.object(id)?.sender === user;
      const isAuthor = [...lost.values()].some(({ stamp }) => stamp.actor === actor);
      if (!isOverwriter && !isAuthor) this.#dueMs.delete(id);
      else if (lost.size > 0 && !this.#dueMs.has(id))
        this.#dueMs.set(id, timers.now() + (isOverwriter ? 0 : AUTHOR_DELAY_MS * (1 + fraction())));
    }
    if (isWhole) this.#unchecked.clear();
    this.#schedule();
  }

  /** What is to be written again by now. */
  due(): ObjectRegisters {
    const due = new Map<ObjectId, ReadonlyMap<Path, Register>>();
    const nowMs = this.#options.timers.now();
    for (const [id, dueMs] of this.#dueMs) {
      if (dueMs > nowMs) continue;
      const lost = this.#lost(id);
      if (lost.size === 0) this.#dueMs.delete(id);
      else due.set(id, lost);
    }
    return due;
  }

  /** The room refuses to hold them again. */
  giveUp(registers: ObjectRegisters): void {
    for (const [id, refused] of registers) {
      for (const register of refused.values()) this.#refused.add(register);
      this.#dueMs.delete(id);
    }
  }

  stop(): void {
    this.#stopTimer();
    this.#dueMs.clear();
  }

  #lost(id: ObjectId): ReadonlyMap<Path, Register> {
    const { model, registersOf, actor } = this.#options;
    const missing = model.missing(id, registersOf(id) ?? NONE);
    if (missing.length === 0) return NONE;
    // What a blob may hold that was not fetched is not called lost; writing one's own again does no harm.
    const isWhole = model.unread.length === 0;
    return new Map(
      missing
        .filter(([, { stamp }]) => isWhole || stamp.actor === actor)
        .filter(([, one]) => !this.#refused.has(one)),
    );
  }

  #schedule(): void {
    this.#stopTimer();
    const nowMs = this.#options.timers.now();
    const waiting = [...this.#dueMs.values()].filter((dueMs) => dueMs > nowMs);
    if (waiting.length === 0) return;
    this.#stopTimer = this.#options.timers.after(Math.min(...waiting) - nowMs, () => {
      this.#options.due();
      this.#schedule();
    });
  }
}
