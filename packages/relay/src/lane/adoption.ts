import {
  type ActorId,
  isPersonalObjectId,
  layersOf,
  type RegisterEntry,
  type Stop,
  type Timers,
  type UserId,
} from '@weft/core';
import type { LaneWorld } from './lane-world.ts';
import type { RoomLimits } from './room-limits.ts';
import type { Unsettled } from './unsettled.ts';

/** How long work that only the relay can bring to the room is gathered, in milliseconds. */
export const ADOPT_GATHER_MS = 200;

export interface AdoptionOptions {
  readonly world: LaneWorld;
  readonly unsettled: Unsettled;
  readonly timers: Timers;
  readonly limits: Pick<RoomLimits, 'adoptAfterMs'>;
  /** Whether a socket of this actor is in the room. */
  readonly isHere: (actor: ActorId) => boolean;
  /** Whether somebody may write this register now. */
  readonly isAllowed: (user: UserId, entry: RegisterEntry) => boolean;
  /** Has everybody drop these. */
  readonly takeBack: (entries: readonly RegisterEntry[]) => void;
}

/**
 * Brings to the room what its authors do not: because they are gone for a while, or because the room takes nothing from
 * them. Carrying lends no power: only what they may write now, and only where the relay may write. What nobody else could
 * bring and may not be brought any more is taken back: it would show to those on the lane alone, for ever.
 */
export class Adoption {
  readonly #options: AdoptionOptions;
  /** Since when authors are gone; those that nobody saw leave are gone since the start. */
  readonly #goneMs = new Map<ActorId, number>();
  readonly #startMs: number;
  #stop: Stop | null = null;
  #dueMs = Number.POSITIVE_INFINITY;

  constructor(options: AdoptionOptions) {
    this.#options = options;
    this.#startMs = options.timers.now();
  }

  left(actors: Iterable<ActorId>): void {
    const { timers, limits } = this.#options;
    for (const actor of actors) this.#goneMs.set(actor, timers.now());
    this.#lookIn(limits.adoptAfterMs);
  }

  came(actors: Iterable<ActorId>): void {
    for (const actor of actors) this.#goneMs.delete(actor);
  }

  /** Somebody wrote: if it is for the relay to bring it to the room, that is soon. */
  wrote(user: UserId, isService: boolean): void {
    if (isService || !this.#options.world.mayWriteRoom(user)) this.#lookIn(ADOPT_GATHER_MS);
  }

  /** What was hidden shows again: it may have waited long. */
  uncovered(): void {
    this.#lookIn(ADOPT_GATHER_MS);
  }

  /** Looks at everything, and again when more is due. */
  look(): void {
    const { world, unsettled, timers, isHere, isAllowed, takeBack, limits } = this.#options;
    if (!world.canAdopt) return;
    const nowMs = timers.now();
    const adopted: RegisterEntry[] = [];
    const hopeless: RegisterEntry[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const { user, entries } of unsettled.heard()) {
      if (user === null) continue;
      const mayWrite = world.mayWriteRoom(user);
      for (const entry of entries) {
        const { actor } = entry.register.stamp;
        const dueMs = mayWrite ? (this.#goneMs.get(actor) ?? this.#startMs) + limits.adoptAfterMs : nowMs;
        if (mayWrite && isHere(actor)) continue;
        if (dueMs > nowMs) next = Math.min(next, dueMs);
        else if (isPersonalObjectId(entry.id)) continue;
        else if (isAllowed(user, entry)) adopted.push(entry);
        else if (!mayWrite) hopeless.push(entry);
      }
    }
    this.#forget();
    for (const layer of layersOf(adopted)) world.adopt(layer);
    takeBack(hopeless);
    if (next < Number.POSITIVE_INFINITY) this.#lookIn(next - nowMs);
  }

  close(): void {
    this.#stop?.();
    this.#stop = null;
  }

  #lookIn(delayMs: number): void {
    const { timers } = this.#options;
    const dueMs = timers.now() + delayMs;
    if (this.#stop !== null && this.#dueMs <= dueMs) return;
    this.#stop?.();
    this.#dueMs = dueMs;
    this.#stop = timers.after(delayMs, () => {
      this.#stop = null;
      this.look();
    });
  }

  /** Whoever is gone for longer than it takes is as good as gone since the start. */
  #forget(): void {
    const { timers, limits } = this.#options;
    for (const [actor, goneMs] of this.#goneMs)
      if (goneMs + limits.adoptAfterMs <= timers.now()) this.#goneMs.delete(actor);
  }
}
