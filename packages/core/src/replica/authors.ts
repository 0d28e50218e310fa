import type { ObjectId, Path, UserId } from '../ids.ts';
import type { ChangeSet } from '../scene/change-set.ts';
import { DELETED_PATH, isDeleted, type Registers, writtenParent } from '../scene/facts.ts';
import { MAX_DEPTH } from '../scene/tree.ts';
import { compareUtf8 } from '../value/utf8.ts';
import type { Replica } from './replica.ts';

/** Who wrote something, as actors say of themselves: a claim, never a proof, and nothing to grant rights by. */
export type ClaimedAuthors = readonly UserId[];

/**
 * Who is said to have written the winning registers of an object, or one of them, by user id; none where it is unknown.
 * An actor that several users claim counts for all of them.
 *
 * @param ownUser whom this client's own actor stands for, whatever others claim
 */
export function authorsOf(
  replica: Replica,
  ownUser: UserId,
  id: ObjectId,
  paths?: Iterable<Path>,
): ClaimedAuthors {
  const registers = replica.registers(id);
  const users = new Set<UserId>();
  for (const path of paths ?? registers?.keys() ?? []) {
    const actor = registers?.get(path)?.stamp.actor;
    if (actor === undefined) continue;
    for (const user of actor === replica.clock.actor ? [ownUser] : replica.usersOf(actor)) users.add(user);
  }
  return [...users].sort(compareUtf8);
}

/**
 * Who is said to have made a change, by object: of what was added who wrote any of it, of what was changed who wrote
 * those properties, of what was removed who deleted it or what it hung from (none where it was purged or is hidden for
 * another reason). Reads the replica as it is now: ask while the change is the latest one.
 */
export function authorsOfChange(
  replica: Replica,
  ownUser: UserId,
  { added, removed, changed }: ChangeSet,
): ReadonlyMap<ObjectId, ClaimedAuthors> {
  const authors = new Map<ObjectId, ClaimedAuthors>();
  for (const id of added) authors.set(id, authorsOf(replica, ownUser, id));
  for (const [id, paths] of changed) authors.set(id, authorsOf(replica, ownUser, id, paths));
  for (const id of removed) {
    const deleted = deletedAbove(replica, id);
    authors.set(id, deleted === null ? [] : authorsOf(replica, ownUser, deleted, [DELETED_PATH]));
  }
  return authors;
}

/** The object itself or the nearest above it that is deleted. */
function deletedAbove(replica: Replica, start: ObjectId): ObjectId | null {
  let id = start;
  for (let level = 0; level <= MAX_DEPTH; level++) {
    const registers: Registers | undefined = replica.registers(id);
    if (registers === undefined) return null;
    if (isDeleted(registers)) return id;
    id = writtenParent(registers);
  }
  return null;
}
