import type { ObjectId } from '@weft/core';
import type { Session } from '@weft/protocol';

interface Forfeit {
  /** Whether somebody else had the lease since. */
  isTaken: boolean;
  untilMs: number;
}

/**
 * Who lost a lease and may not know it yet. Once somebody else has had it, an edit of theirs that is on its way would move the
 * object away from where the other left it.
 */
export class Forfeits {
  readonly #now: () => number;
  readonly #keptMs: number;
  readonly #lost = new Map<ObjectId, Map<Session, Forfeit>>();

  /** @param keptMs how long after the other let go an edit may still come */
  constructor(now: () => number, keptMs: number) {
    this.#now = now;
    this.#keptMs = keptMs;
  }

  has(session: Session | 0, object: ObjectId): boolean {
    if (session === 0) return false;
    const lost = this.#lost.get(object)?.get(session);
    return lost?.isTaken === true && lost.untilMs > this.#now();
  }

  /** Its lease ran out. */
  expired(object: ObjectId, holder: Session): void {
    this.#lose(object, holder, false);
  }

  /** Somebody has the lease from now on. @param from whom it was taken, `null` where nobody held it */
  taken(object: ObjectId, by: Session, from: Session | null): void {
    if (from !== null && from !== by) this.#lose(object, from, true);
    const lost = this.#lost.get(object);
    lost?.delete(by);
    for (const forfeit of lost?.values() ?? []) {
      forfeit.isTaken = true;
      forfeit.untilMs = Number.POSITIVE_INFINITY;
    }
  }

  /** Nobody has the lease any more. */
  ended(object: ObjectId): void {
    const untilMs = this.#now() + this.#keptMs;
    for (const forfeit of this.#lost.get(object)?.values() ?? []) forfeit.untilMs = untilMs;
    for (const [other, lost] of this.#lost) {
      for (const [session, forfeit] of lost) if (forfeit.untilMs <= this.#now()) lost.delete(session);
      if (lost.size === 0) this.#lost.delete(other);
    }
  }

  /** The socket is gone, and nothing of it is on its way. */
  forget(session: Session): void {
    for (const lost of this.#lost.values()) lost.delete(session);
  }

  clear(): void {
    this.#lost.clear();
  }

  #lose(object: ObjectId, session: Session, isTaken: boolean): void {
    const lost = this.#lost.get(object) ?? new Map<Session, Forfeit>();
    lost.set(session, { isTaken, untilMs: Number.POSITIVE_INFINITY });
    this.#lost.set(object, lost);
  }
}
