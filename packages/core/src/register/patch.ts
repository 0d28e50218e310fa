import { type ActorId, type ObjectId, type Path, ROOT, type UserId } from '../ids.ts';
import type { Time } from '../stamp/stamp.ts';
import { type ActorClaims, actorClaims } from './actors.ts';
import { newest, type Register } from './register.ts';

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

/** Whether a purge at this time took the register. */
export function isPurged(register: Register, purge: Time | null): boolean {
  return purge !== null && register.stamp.time <= purge;
}

export function laterPurge(a: Time | null, b: Time | null): Time | null {
  if (a === null || b === null) return a ?? b;
  return b > a ? b : a;
}
