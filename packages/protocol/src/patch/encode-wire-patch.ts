import type { ActorId, ObjectId, Patch, Path, Stamp, Time } from '@weft/core';
import {
  MAX_FRAME_ELEMENTS,
  MAX_PATCH_ACTORS,
  MAX_PATCH_BYTES,
  MAX_PATCH_OBJECTS,
  MAX_PATCH_PATHS,
  MAX_PATCH_REGISTERS,
} from '../limits.ts';
import { ProtocolError, type ProtocolErrorCode } from '../protocol-error.ts';
import { type Packed, pack, packer } from '../wire/pack.ts';
import type { WirePatch } from './wire-patch.ts';

const WHAT = 'write a patch for the lane';
/** Properties that are looked through to number them: of more, a table costs less. */
const MAX_STEP_PATHS = 16;

/**
 * Purges of the patch are left out. Costs its size.
 *
 * @throws ProtocolError `malformed` where it holds no register; `too-large` past 255 KiB; `too-many` past 5,000 objects,
 *   32,768 registers, 4,096 paths, claims of 1,024 actors or the elements of a frame: split it by objects
 */
export function encodeWirePatch(patch: Patch): WirePatch {
  const { objects, actors } = patch;
  if (objects.size > MAX_PATCH_OBJECTS)
    throw refuse('too-many', `at most ${MAX_PATCH_OBJECTS} objects`, objects.size);
  if (actors.size > MAX_PATCH_ACTORS)
    throw refuse('too-many', `claims of at most ${MAX_PATCH_ACTORS} actors`, actors.size);
  const { bytes, elements } = packPatch(patch);
  if (bytes.length > MAX_PATCH_BYTES)
    throw refuse('too-large', `at most ${MAX_PATCH_BYTES} bytes`, bytes.length);
  // Many records make it more than readers take at once.
  if (elements > MAX_FRAME_ELEMENTS)
    throw refuse('too-many', `at most ${MAX_FRAME_ELEMENTS} elements`, elements);
  return bytes;
}

function packPatch(patch: Patch): Packed {
  const step = stepOf(patch);
  return step === null ? packGroups(patch) : packStep(patch, step);
}

/** A patch as most are: what somebody did at once, in few properties. */
interface Step {
  readonly stamp: Stamp;
  readonly paths: readonly Path[];
  readonly objects: number;
}

/** `null` for a patch that is not like that. */
function stepOf({ objects }: Patch): Step | null {
  const paths: Path[] = [];
  let stamp: Stamp | null = null;
  let [said, count] = [0, 0];
  for (const { registers } of objects.values()) {
    if (registers.size > 0) said += 1;
    count += registers.size;
    for (const [path, register] of registers) {
      stamp ??= register.stamp;
      if (register.stamp !== stamp) return null;
      if (paths.includes(path)) continue;
      if (paths.push(path) > MAX_STEP_PATHS) return null;
    }
  }
  return stamp === null || count > MAX_PATCH_REGISTERS ? null : { stamp, paths, objects: said };
}

/** As `packGroups` does it, without putting together first what is written. */
function packStep({ objects, actors }: Patch, { stamp, paths, objects: said }: Step): Packed {
  packer.begin(null);
  packer.list(5);
  packer.value(paths);
  packer.list(2 * actors.size);
  for (const [actor, users] of actors) {
    packer.value(actor);
    packer.list(users.size);
    for (const user of users) packer.value(user);
  }
  packer.value(stamp.time);
  packer.value(stamp.actor);
  packer.list(2 * said);
  for (const [id, { registers }] of objects) {
    if (registers.size === 0) continue;
    packer.value(id);
    packer.list(2 * registers.size);
    for (const [path, { value }] of registers) {
      packer.value(paths.indexOf(path));
      packer.value(value);
    }
  }
  return packer.end();
}

function packGroups({ objects, actors }: Patch): Packed {
  const paths = new PathNumbers();
  const groups = new StampGroups();
  let count = 0;
  for (const [id, { registers }] of objects) {
    for (const [path, { value, stamp }] of registers) {
      groups.of(stamp).registersOf(id).push(paths.of(path), value);
      count += 1;
    }
  }
  if (count === 0) throw refuse('malformed', 'at least one register', 0);
  if (count > MAX_PATCH_REGISTERS)
    throw refuse('too-many', `at most ${MAX_PATCH_REGISTERS} registers`, count);
  if (paths.list.length > MAX_PATCH_PATHS)
    throw refuse('too-many', `at most ${MAX_PATCH_PATHS} paths`, paths.list.length);
  const claims: unknown[] = [];
  for (const [actor, users] of actors) claims.push(actor, [...users]);
  return pack([paths.list, claims, ...groups.wire()]);
}

class PathNumbers {
  readonly list: Path[] = [];
  readonly #numbers = new Map<Path, number>();

  of(path: Path): number {
    const known = this.#numbers.get(path);
    if (known !== undefined) return known;
    const number = this.list.push(path) - 1;
    this.#numbers.set(path, number);
    return number;
  }
}

/** What was written under one stamp. */
class StampGroup {
  readonly stamp: Stamp;
  readonly objects: unknown[] = [];
  #lastId: ObjectId | null = null;
  #last: unknown[] = [];

  constructor(stamp: Stamp) {
    this.stamp = stamp;
  }

  /** Objects come one after another. */
  registersOf(id: ObjectId): unknown[] {
    if (id === this.#lastId) return this.#last;
    this.#lastId = id;
    this.#last = [];
    this.objects.push(id, this.#last);
    return this.#last;
  }
}

class StampGroups {
  readonly #list: StampGroup[] = [];
  readonly #groups = new Map<Time, Map<ActorId, StampGroup>>();
  #last: StampGroup | null = null;

  of(stamp: Stamp): StampGroup {
    // Most registers share the stamp of their neighbour.
    if (this.#last !== null && this.#last.stamp === stamp) return this.#last;
    const { time, actor } = stamp;
    const ofTime = this.#groups.get(time) ?? new Map<ActorId, StampGroup>();
    const group = ofTime.get(actor) ?? this.#add(stamp);
    this.#groups.set(time, ofTime.set(actor, group));
    this.#last = group;
    return group;
  }

  wire(): unknown[] {
    const wire: unknown[] = [];
    for (const { stamp, objects } of this.#list) wire.push(stamp.time, stamp.actor, objects);
    return wire;
  }

  #add(stamp: Stamp): StampGroup {
    const group = new StampGroup(stamp);
    this.#list.push(group);
    return group;
  }
}

function refuse(code: ProtocolErrorCode, expected: string, got: number): ProtocolError {
  return new ProtocolError(code, { what: WHAT, expected, got: String(got) });
}
