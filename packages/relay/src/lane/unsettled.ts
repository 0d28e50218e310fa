import { type ActorId, type Actors, entriesOf, patchOf, type RegisterEntry, type UserId } from '@weft/core';
import type { LaneWorld } from './lane-world.ts';
import { type PatchPart, patchParts } from './patch-parts.ts';

/** What one user wrote; `null` for what nobody can be named for. */
export interface Work {
  readonly user: UserId | null;
  readonly entries: readonly RegisterEntry[];
}

/** All that was heard or adopted and the room does not hold, by who wrote it. */
export class Unsettled {
  readonly #world: LaneWorld;
  readonly #actors: Actors;

  constructor(world: LaneWorld, actors: Actors) {
    this.#world = world;
    this.#actors = actors;
  }

  /** What was heard and not adopted. Looks at all of it. */
  heard(): readonly Work[] {
    return this.#byUser(entriesOf(this.#world.replica.livePatch()));
  }

  /** What was heard or adopted. Looks at all of it. */
  all(): readonly Work[] {
    return this.#byUser(this.#entries());
  }

  /** Of these places what shows now and is not settled. */
  at(places: readonly RegisterEntry[]): readonly Work[] {
    const live = this.#world.replica.livePatch().objects;
    return this.#byUser(
      places.flatMap(({ id, path }) => {
        const register = live.get(id)?.registers.get(path);
        return register === undefined ? [] : [{ id, path, register }];
      }),
    );
  }

  /** How many registers were heard and are not settled. */
  get count(): number {
    let count = 0;
    for (const { registers } of this.#world.replica.livePatch().objects.values()) count += registers.size;
    return count;
  }

  *#entries(): Generator<RegisterEntry> {
    yield* entriesOf(this.#world.replica.livePatch());
    for (const [id, paths] of this.#world.replica.dirty())
      for (const [path, register] of paths) yield { id, path, register };
  }

  #byUser(entries: Iterable<RegisterEntry>): Work[] {
    const works = new Map<UserId | null, RegisterEntry[]>();
    for (const entry of entries) {
      const user = this.#actors.userOf(entry.register.stamp.actor) ?? null;
      const known = works.get(user);
      if (known === undefined) works.set(user, [entry]);
      else known.push(entry);
    }
    return Array.from(works, ([user, list]) => ({ user, entries: list }));
  }
}

/** Somebody's work in parts that frames can carry, with the claim that it is theirs. */
export function partsOf({ user, entries }: Work): PatchPart[] {
  const actors = new Set<ActorId>(entries.map(({ register }) => register.stamp.actor));
  const claims = user === null ? [] : Array.from(actors, (actor) => [actor, [user]] as const);
  return patchParts(patchOf({ registers: entries, actors: claims }));
}
