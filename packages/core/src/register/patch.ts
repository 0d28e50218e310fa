import { type ActorId, type ObjectId, type Path, ROOT, type UserId } from '../ids.ts';
import type { Stamp, Time } from '../stamp/stamp.ts';
import { type ActorClaims, actorClaims } from './actors.ts';
import { summaryOf } from './patch-summary.ts';
import { newest, type Register } from './register.ts';
import { RowRegisters } from './row-registers.ts';

/** What a patch says of one object. */
export interface ObjectPatch {
  readonly registers: ReadonlyMap<Path, Register>;
  /** Every register stamped at or before this time is gone and is never written again; `null` where none was purged. */
  readonly purge: Time | null;
}

/**
 * A bag of stamped registers: what every carrier, file and edit decodes to. Always in the normal form that the
 * builders here make: no register at or before its object's purge, no object of which nothing is said, claims bounded.
 */
export interface Patch {
  readonly objects: ReadonlyMap<ObjectId, ObjectPatch>;
  readonly actors: ActorClaims;
}

/** One register and where it belongs. */
export interface RegisterEntry {
  readonly id: ObjectId;
  readonly path: Path;
  readonly register: Register;
}

/** What a patch may be built from; entries may repeat, come in any order and contradict each other. */
export interface PatchParts {
  readonly registers?: Iterable<RegisterEntry>;
  readonly purges?: Iterable<readonly [ObjectId, Time]>;
  readonly actors?: Iterable<readonly [ActorId, Iterable<UserId>]>;
}

/** The patch that says nothing: the neutral element of `join`. */
export const emptyPatch: Patch = { objects: new Map(), actors: new Map() };

/** Builds a patch in normal form; what it says of `root` is ignored. */
export function patchOf(parts: PatchParts): Patch {
  const objects = new Map<ObjectId, { registers: Map<Path, Register>; purge: Time | null }>();
  const objectOf = (id: ObjectId) => {
    const known = objects.get(id);
    if (known !== undefined) return known;
    const added = { registers: new Map<Path, Register>(), purge: null };
    objects.set(id, added);
    return added;
  };
  for (const [id, purge] of parts.purges ?? []) {
    if (id === ROOT) continue;
    const object = objectOf(id);
    object.purge = laterPurge(object.purge, purge);
  }
  for (const { id, path, register } of parts.registers ?? []) {
    if (id === ROOT || isPurged(register, objects.get(id)?.purge ?? null)) continue;
    const { registers } = objectOf(id);
    const known = registers.get(path);
    registers.set(path, known === undefined ? register : newest(known, register));
  }
  return { objects, actors: actorClaims(parts.actors ?? []) };
}

/** Every register of a patch, with its place. */
export function* entriesOf(patch: Patch): Generator<RegisterEntry> {
  for (const [id, { registers }] of patch.objects)
    for (const [path, register] of registers) yield { id, path, register };
}

/** The latest times that a patch speaks of; `null` where it names none. */
export interface LatestTimes {
  readonly stamp: Time | null;
  readonly purge: Time | null;
}

// A patch never changes, and is asked by the quarantine as well as by the clock.
const latestTimes = new WeakMap<Patch, LatestTimes>();
/** Below this it costs less to look once more than to remember. */
const LEAST_REMEMBERED_OBJECTS = 16;

/** Looks at each object of a large patch once, however often it is asked, and at none of one that was read from a file. */
export function latestTimesOf(patch: Patch): LatestTimes {
  const summary = summaryOf(patch);
  if (summary !== undefined) return { stamp: summary.latestStamp, purge: summary.latestPurge };
  const isLarge = patch.objects.size >= LEAST_REMEMBERED_OBJECTS;
  const known = isLarge ? latestTimes.get(patch) : undefined;
  if (known !== undefined) return known;
  let latestStamp: Time | null = null;
  let latestPurge: Time | null = null;
  let last: Stamp | null = null;
  for (const { registers, purge } of patch.objects.values()) {
    if (purge !== null) latestPurge = laterPurge(latestPurge, purge);
    if (registers instanceof RowRegisters) {
      latestStamp = laterPurge(latestStamp, registers.latestTime());
      continue;
    }
    for (const { stamp } of registers.values()) {
      // Most registers share the stamp of their neighbour.
      if (stamp === last) continue;
      last = stamp;
      latestStamp = laterPurge(latestStamp, stamp.time);
    }
  }
  const latest = { stamp: latestStamp, purge: latestPurge };
  if (isLarge) latestTimes.set(patch, latest);
  return latest;
}

/** The latest time that a patch speaks of, stamps and purges; `null` where it says nothing. */
export function latestTime(patch: Patch): Time | null {
  const { stamp, purge } = latestTimesOf(patch);
  return laterPurge(stamp, purge);
}

/** Whether a purge at this time took the register. */
export function isPurged(register: Register, purge: Time | null): boolean {
  return purge !== null && register.stamp.time <= purge;
}

export function laterPurge(a: Time | null, b: Time | null): Time | null {
  if (a === null || b === null) return a ?? b;
  return b > a ? b : a;
}
