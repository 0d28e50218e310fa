import { forgetOldest } from '../forget-oldest.ts';
import type { ActorId, UserId } from '../ids.ts';

/** Actors of which it is remembered whose they are. */
export const MAX_KNOWN_ACTORS = 16_384;

/**
 * Whose actors are, as a relay or a client saw it. An actor is its first user's for as long as it is remembered; what a room claims of
 * an actor proves nothing, but whoever is not among those named has no say either.
 */
export class Actors {
  readonly #users = new Map<ActorId, UserId>();
  readonly #claimed: (actor: ActorId) => ReadonlySet<UserId>;

  /** @param claimed who an actor is said to be */
  constructor(claimed: (actor: ActorId) => ReadonlySet<UserId>) {
    this.#claimed = claimed;
  }

  /** Whose the actor is; `undefined` where nobody knows, or where that is disputed. */
  userOf(actor: ActorId): UserId | undefined {
    const known = this.#users.get(actor);
    if (known !== undefined) return known;
    const [user, ...others] = this.#claimed(actor);
    return others.length === 0 ? user : undefined;
  }

  /** Whether the actor may be this user's: nobody else is known for it. */
  mayBe(actor: ActorId, user: UserId): boolean {
    const known = this.#users.get(actor);
    if (known !== undefined) return known === user;
    for (const claimed of this.#claimed(actor)) if (claimed !== user) return false;
    return true;
  }

  /** Remembers it; of too many, those that were not seen for longest are forgotten. */
  see(actor: ActorId, user: UserId): void {
    this.#users.delete(actor);
    this.#users.set(actor, user);
    forgetOldest(this.#users, MAX_KNOWN_ACTORS);
  }
}
