import {
  type ActorId,
  compareUtf8,
  compareValues,
  isUserId,
  type ObjectId,
  type ObjectPatch,
  type Patch,
  type Path,
  parsePath,
  type Register,
  type RegisterStore,
  type Time,
  type UserId,
} from '@weft/core';
import type { EventId } from '../ids.ts';
import type { RoomEvent } from '../room-event.ts';
import type { PastCarrier } from './read-carrier.ts';

/** What happened to an object. */
export type LogChangeKind = 'added' | 'changed' | 'deleted' | 'restored' | 'purged';

export interface LogChange {
  readonly id: ObjectId;
  /** What it was called after the change, or last; `null` where it had no name, or none is known. */
  readonly name: string | null;
  readonly kind: LogChangeKind;
  /** The properties that hold something else than before, in order; none of a purged object. */
  readonly paths: readonly Path[];
}

/** One event that changed objects. */
export interface LogEntry {
  readonly event: EventId;
  /** `origin_server_ts`: the claim of the sender's homeserver. */
  readonly atMs: number;
  /** Who sent it: homeservers vouch for that. */
  readonly user: UserId;
  /** The event's type. */
  readonly carrier: string;
  readonly objects: readonly LogChange[];
  /** How many objects the blob that it points to holds, changed or not, which the log does not fetch; mostly 0. */
  readonly unlisted: number;
  /** Who is said to have made these changes, in order: claims, never proofs. An event may carry what others made. */
  readonly authors: readonly UserId[];
}

const NAME_PATH = parsePath('node.name');
const DELETED_PATH = parsePath('node.deleted');
const NOTHING: ReadonlyMap<Path, Register> = new Map();

/**
 * What an event changed against everything older, which it is then joined to.
 *
 * @param known whether what the event replaced is in the store; where it is not, the newest of its stamps tell what is new
 */
export function entryOf(
  store: RegisterStore,
  event: RoomEvent,
  { patch, blob }: PastCarrier,
  known: (id: ObjectId) => boolean,
): LogEntry {
  const objects: LogChange[] = [];
  const actors = new Set<ActorId>();
  for (const [id, said] of patch.objects) {
    const change = changeOf(store, id, said, known(id));
    if (change === null) continue;
    objects.push(change.change);
    for (const { stamp } of change.registers) actors.add(stamp.actor);
  }
  store.join(patch);
  const { id, atMs, sender, type } = event;
  const unlisted = blob?.objects ?? 0;
  return { event: id, atMs, user: sender, carrier: type, objects, unlisted, authors: usersOf(actors, patch) };
}

function changeOf(
  store: RegisterStore,
  id: ObjectId,
  { registers, purge }: ObjectPatch,
  known: boolean,
): { readonly change: LogChange; readonly registers: readonly Register[] } | null {
  const held = store.get(id);
  const before = held ?? NOTHING;
  if (registers.size === 0) {
    if (purge === null || (known && held === undefined)) return null;
    return { change: { id, name: nameIn(before), kind: 'purged', paths: [] }, registers: [] };
  }
  const newestTime = known ? null : latestOf(registers);
  const fresh = [...registers].filter(
    ([path, register]) =>
      (newestTime === null || register.stamp.time === newestTime) &&
      !store.dominates(id, path, register) &&
      compareValues(before.get(path)?.value ?? null, register.value) !== 0,
  );
  if (fresh.length === 0) return null;
  const after = new Map([...before, ...fresh]);
  const kind = kindOf(known && held === undefined, before, after);
  const paths = fresh.map(([path]) => path).sort(compareUtf8);
  const name = nameIn(after) ?? nameIn(registers);
  return { change: { id, name, kind, paths }, registers: fresh.map(([, register]) => register) };
}

function kindOf(
  isNew: boolean,
  before: ReadonlyMap<Path, Register>,
  after: ReadonlyMap<Path, Register>,
): LogChangeKind {
  const [was, is] = [before.get(DELETED_PATH)?.value === true, after.get(DELETED_PATH)?.value === true];
  if (was !== is) return is ? 'deleted' : 'restored';
  return isNew ? 'added' : 'changed';
}

function latestOf(registers: ReadonlyMap<Path, Register>): Time | null {
  let latest: Time | null = null;
  for (const { stamp } of registers.values()) if (latest === null || stamp.time > latest) latest = stamp.time;
  return latest;
}

function nameIn(registers: ReadonlyMap<Path, Register> | undefined): string | null {
  const name = registers?.get(NAME_PATH)?.value;
  return typeof name === 'string' && name !== '' ? name : null;
}

function usersOf(actors: ReadonlySet<ActorId>, { actors: claims }: Patch): readonly UserId[] {
  const users = new Set<UserId>();
  for (const actor of actors) {
    if (isUserId(actor)) users.add(actor);
    for (const user of claims.get(actor) ?? []) users.add(user);
  }
  return [...users].sort(compareUtf8);
}
