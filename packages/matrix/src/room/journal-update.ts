import {
  join,
  type ObjectId,
  type Patch,
  patchOf,
  type RegisterEntry,
  type Replica,
  type SourcedPatch,
  type Time,
} from '@weft/core';
import type { JournalUpdate } from '../journal/journal-batch.ts';
import { member, stringMember } from '../json.ts';
import type { RoomEvent } from '../room-event.ts';
import { decodeCarrier, isCarrierType } from './decode-carrier.ts';
import { tellsOfRights } from './policy-history.ts';
import type { RoomModel } from './room-model.ts';
import { type Prepared, sourceOf } from './stages.ts';
import type { StateEntry } from './state-entries.ts';

/** How far a step takes the journal. */
export interface JournalPlace {
  readonly token: string | null;
  readonly readMs: number | null;
}

/** What a step that was worked out changes in a journal. The model has not taken it yet. */
export function journalUpdate(
  model: RoomModel,
  replica: Pick<Replica, 'purgeOf' | 'admissible' | 'isRetracted'>,
  prepared: Prepared,
  place: JournalPlace,
): JournalUpdate {
  const after = new Map<string, StateEntry | null>();
  const replaced: { readonly before: StateEntry; readonly by: StateEntry | null }[] = [];
  const put = (key: string, entry: StateEntry | null): void => {
    const before = after.get(key) ?? model.at(key);
    if (before !== undefined && before.event.id !== entry?.event.id) replaced.push({ before, by: entry });
    after.set(key, entry);
  };
  for (const { whole, entries } of prepared.steps) {
    if (whole) for (const key of [...keysOf(model), ...after.keys()]) if (!entries.has(key)) put(key, null);
    for (const [key, entry] of entries) put(key, entry);
  }
  // A sync response that was long on its way tells of what a reading of the state took back meanwhile.
  const past: RoomEvent[] = prepared.unheld.flatMap(({ event }) =>
    replica.isRetracted(event.id) ? [] : event,
  );
  const remains: SourcedPatch[] = [];
  const retracted = new Set<string>(prepared.retracted);
  for (const { before, by } of replaced) {
    if (tellsOfRights(before.event)) past.push(before.event);
    const said = before.decoded?.patch;
    const now = by?.decoded?.patch;
    // What is ahead of time takes the place of nothing yet.
    if (said === undefined || saysAll(now && replica.admissible(now), said)) continue;
    // What a blob said cannot be read from the event again.
    if (isWhole(before)) past.push(before.event);
    else if (!retracted.has(before.event.id)) remains.push({ source: sourceOf(before.event), patch: said });
  }
  return {
    current: [...after.values()].flatMap((entry) => entry?.event ?? []),
    gone: [...after].flatMap(([key, entry]) => (entry === null ? goneKey(model.at(key)) : [])),
    past,
    remains,
    folded: [],
    purged: new Map([
      ...purgesStillSaid(replica, past, patchesOf(remains)),
      ...newPurges(replica, prepared.patches),
    ]),
    retracted: prepared.retracted,
    blobsInUse: blobsIn(prepared),
    ...place,
  };
}

/** All that a client knows of a room, for a journal that was opened late: it may hold an earlier moment, or none. */
export function wholeJournalUpdate(
  model: RoomModel,
  replica: Pick<Replica, 'base' | 'toPatch'>,
  held: readonly RoomEvent[],
  place: JournalPlace,
): JournalUpdate {
  const current = [...model.entries()].map(([, { event }]) => event);
  const known = new Set(current.map(nameOf));
  const registers: RegisterEntry[] = [];
  for (const id of replica.base.ids())
    for (const [path, register] of model.missing(id, replica.base.get(id) ?? new Map()))
      registers.push({ id, path, register });
  const gone = held.filter((event) => !known.has(nameOf(event)));
  return {
    current,
    gone: gone.map(({ type, stateKey }) => [type, stateKey ?? ''] as const),
    past: [],
    remains: [],
    folded: registers.length === 0 ? [] : [patchOf({ registers })],
    purged: new Map(purgesIn(replica.toPatch())),
    retracted: [],
    blobsInUse: null,
    ...place,
  };
}

/** The blobs that the whole state points to, be they read already; `null` where the step is not the whole state. */
function blobsIn({ steps }: Prepared): ReadonlySet<string> | null {
  if (!steps.some(({ whole }) => whole)) return null;
  const hashes = new Set<string>();
  for (const { entries } of steps)
    for (const { event } of entries.values()) {
      const sha256 = isCarrierType(event.type) ? stringMember(member(event.content, 'blob'), 'sha256') : null;
      if (sha256 !== null) hashes.add(sha256);
    }
  return hashes;
}

function keysOf(model: RoomModel): string[] {
  return [...model.entries()].map(([key]) => key);
}

function goneKey(entry: StateEntry | undefined): (readonly [string, string])[] {
  return entry === undefined ? [] : [[entry.event.type, entry.event.stateKey ?? ''] as const];
}

function saysAll(after: Patch | undefined, before: Patch): boolean {
  if (before.objects.size === 0) return true;
  return after !== undefined && join(after, before).objects === after.objects;
}

/** Whether the event can be read again without a blob. */
function isWhole({ event }: StateEntry): boolean {
  return decodeCarrier(event)?.blob === null;
}

/** What is purged by these patches and was not purged before: its content leaves the device now. */
function newPurges(
  replica: Pick<Replica, 'purgeOf' | 'admissible'>,
  patches: readonly Patch[],
): ReadonlyMap<ObjectId, Time> {
  const purged = new Map<ObjectId, Time>();
  for (const patch of patches) {
    for (const [id] of purgesIn(patch)) {
      const purge = replica.admissible(patch).objects.get(id)?.purge ?? null;
      const known = purged.get(id) ?? replica.purgeOf(id);
      if (purge !== null && (known === null || purge > known)) purged.set(id, purge);
    }
  }
  return purged;
}

/** What was purged, and these say still: whoever sent them, or kept them, did not know of it yet. */
export function purgesStillSaid(
  replica: Pick<Replica, 'purgeOf'>,
  events: readonly RoomEvent[],
  patches: readonly Patch[],
): ReadonlyMap<ObjectId, Time> {
  const purged = new Map<ObjectId, Time>();
  for (const { objects } of [...events.flatMap((event) => decodeCarrier(event)?.patch ?? []), ...patches])
    for (const [id, { registers }] of objects) {
      const purge = replica.purgeOf(id);
      if (purge === null) continue;
      for (const { stamp } of registers.values()) if (stamp.time <= purge) purged.set(id, purge);
    }
  return purged;
}

export function patchesOf(remains: readonly SourcedPatch[]): readonly Patch[] {
  return remains.map(({ patch }) => patch);
}

function* purgesIn({ objects }: Patch): Generator<readonly [ObjectId, Time]> {
  for (const [id, { purge }] of objects) if (purge !== null) yield [id, purge];
}

function nameOf({ type, stateKey }: RoomEvent): string {
  return `${type}\0${stateKey}`;
}
