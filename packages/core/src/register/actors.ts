import type { ActorId, UserId } from '../ids.ts';
import { compareUtf8 } from '../value/utf8.ts';

/** Claims of who an actor is. More than one user for an actor is a dispute; never used for permission. */
export type ActorClaims = ReadonlyMap<ActorId, ReadonlySet<UserId>>;

/** Users claimed for one actor; of more, the smallest in UTF-8 bytes stay. */
export const MAX_CLAIMS_PER_ACTOR = 4;

/** Actors of one world; of more, the smallest in UTF-8 bytes stay. */
export const MAX_ACTORS = 16_384;

/** A claim table that is being built or kept; its sets are never changed, only replaced. */
export type ActorTable = Map<ActorId, ReadonlySet<UserId>>;

/** A claim table within both bounds, with no actor without a user. */
export function actorClaims(claims: Iterable<readonly [ActorId, Iterable<UserId>]>): ActorClaims {
  const table: ActorTable = new Map();
  addActorClaims(table, claims);
  return table;
}

/** The union of two claim tables; the first itself where the second adds nothing. */
export function joinActorClaims(a: ActorClaims, b: ActorClaims): ActorClaims {
  const table = new Map(a);
  return addActorClaims(table, b) ? table : a;
}

/**
 * Adds claims to a table and says whether that changed it. Keeping the smallest entries makes the bounds independent
 * of the order: what was dropped once can never be among the smallest again.
 */
export function addActorClaims(
  table: ActorTable,
  claims: Iterable<readonly [ActorId, Iterable<UserId>]>,
): boolean {
  let before: Map<ActorId, ReadonlySet<UserId> | undefined> | null = null;
  for (const [actor, users] of claims) {
    const known = table.get(actor);
    const joined = joinUsers(known, users);
    if (joined === undefined || joined === known) continue;
    before ??= new Map();
    if (!before.has(actor)) before.set(actor, known);
    table.set(actor, joined);
  }
  if (before === null) return false;
  if (table.size > MAX_ACTORS)
    for (const actor of [...table.keys()].sort(compareUtf8).slice(MAX_ACTORS)) {
      table.delete(actor);
      if (before.get(actor) === undefined) before.delete(actor);
    }
  return before.size > 0;
}

function joinUsers(
  known: ReadonlySet<UserId> | undefined,
  users: Iterable<UserId>,
): ReadonlySet<UserId> | undefined {
  const added: UserId[] = [];
  for (const user of users) if (known?.has(user) !== true) added.push(user);
  if (added.length === 0) return known;
  if (known === undefined && added.length === 1) return new Set(added);
  const all = [...new Set([...(known ?? []), ...added])].sort(compareUtf8).slice(0, MAX_CLAIMS_PER_ACTOR);
  return known !== undefined && all.every((user) => known.has(user)) ? known : new Set(all);
}
