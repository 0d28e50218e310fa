import {
  type ActorId,
  actorClaims,
  isActorId,
  isObjectId,
  isTime,
  isUserId,
  MAX_CLAIMS_PER_ACTOR,
  type ObjectId,
  type ObjectPatch,
  type Patch,
  type Path,
  type Register,
  ROOT,
  readPath,
  readValue,
  type Stamp,
  type UserId,
} from '@weft/core';
import {
  MAX_PATCH_ACTORS,
  MAX_PATCH_BYTES,
  MAX_PATCH_OBJECTS,
  MAX_PATCH_PATHS,
  MAX_PATCH_REGISTERS,
} from '../limits.ts';
import { ProtocolError } from '../protocol-error.ts';
import { unpack } from '../wire/unpack.ts';
import type { WirePatch } from './wire-patch.ts';

const WHAT = 'read a patch of the lane';

/** As `decodeWirePatch`; `null` for what is none. */
export function readWirePatch(wire: WirePatch): Patch | null {
  try {
    return decodeWirePatch(wire);
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

/**
 * Reads all of it or nothing: a relay answers for what it hands on.
 *
 * @throws ProtocolError `malformed`, `too-large`, `too-many`
 */
export function decodeWirePatch(wire: WirePatch): Patch {
  if (wire.length > MAX_PATCH_BYTES)
    throw new ProtocolError('too-large', {
      what: WHAT,
      expected: `at most ${MAX_PATCH_BYTES} bytes`,
      got: `${wire.length}`,
    });
  const [paths, claims, ...groups] = listOf(unpack(wire, 0, WHAT), 'the patch');
  const reader = new ObjectsReader(readPaths(listOf(paths, 'the paths')));
  if (groups.length === 0 || groups.length % 3 !== 0) throw malformed('groups of three', `${groups.length}`);
  for (let at = 0; at < groups.length; at += 3) {
    const time = groups[at];
    const actor = groups[at + 1];
    if (!isTime(time)) throw malformed('a time', shown(time));
    if (!isActorId(actor)) throw malformed('an actor', shown(actor));
    reader.read({ time, actor }, listOf(groups[at + 2], 'the objects of a stamp'));
  }
  return { objects: reader.objects, actors: readClaims(listOf(claims, 'the claims')) };
}

/** Makes the normal form of a patch: no object without registers, none purged, each register once. */
class ObjectsReader {
  readonly objects = new Map<ObjectId, ObjectPatch & { readonly registers: Map<Path, Register> }>();
  readonly #paths: readonly Path[];
  #count = 0;

  constructor(paths: readonly Path[]) {
    this.#paths = paths;
  }

  read(stamp: Stamp, wire: readonly unknown[]): void {
    if (wire.length === 0 || wire.length % 2 !== 0) throw malformed('ids and registers', `${wire.length}`);
    for (let at = 0; at < wire.length; at += 2) {
      const id = wire[at];
      if (!isObjectId(id) || id === ROOT) throw malformed('an object id', shown(id));
      this.#readRegisters(this.#registersOf(id), stamp, listOf(wire[at + 1], 'the registers of an object'));
    }
  }

  #registersOf(id: ObjectId): Map<Path, Register> {
    const known = this.objects.get(id);
    if (known !== undefined) return known.registers;
    if (this.objects.size === MAX_PATCH_OBJECTS) throw tooMany(`at most ${MAX_PATCH_OBJECTS} objects`);
    const registers = new Map<Path, Register>();
    this.objects.set(id, { registers, purge: null });
    return registers;
  }

  #readRegisters(registers: Map<Path, Register>, stamp: Stamp, wire: readonly unknown[]): void {
    if (wire.length === 0 || wire.length % 2 !== 0) throw malformed('paths and values', `${wire.length}`);
    this.#count += wire.length / 2;
    if (this.#count > MAX_PATCH_REGISTERS) throw tooMany(`at most ${MAX_PATCH_REGISTERS} registers`);
    for (let at = 0; at < wire.length; at += 2) {
      const number = wire[at];
      const path = typeof number === 'number' ? this.#paths[number] : undefined;
      if (path === undefined) throw malformed('the number of a path', shown(number));
      // To compare two values under one stamp may cost as much as both hold, again and again.
      if (registers.has(path)) throw malformed('each register once', path);
      const value = readValue(wire[at + 1]);
      if (value === undefined) throw malformed(`a value of ${path}`, 'none, or one that is too large');
      registers.set(path, { value, stamp });
    }
  }
}

function readPaths(wire: readonly unknown[]): Path[] {
  if (wire.length > MAX_PATCH_PATHS) throw tooMany(`at most ${MAX_PATCH_PATHS} paths`);
  const paths: Path[] = [];
  for (const each of wire) {
    const path = typeof each === 'string' ? readPath(each) : undefined;
    if (path === undefined) throw malformed('component.property', shown(each));
    paths.push(path);
  }
  return paths;
}

function readClaims(wire: readonly unknown[]): Patch['actors'] {
  if (wire.length % 2 !== 0) throw malformed('actors and users', `${wire.length}`);
  if (wire.length / 2 > MAX_PATCH_ACTORS) throw tooMany(`claims of at most ${MAX_PATCH_ACTORS} actors`);
  const actors: [ActorId, readonly UserId[]][] = [];
  for (let at = 0; at < wire.length; at += 2) {
    const actor = wire[at];
    const users = listOf(wire[at + 1], 'the users of a claim');
    if (!isActorId(actor) || users.length > MAX_CLAIMS_PER_ACTOR || !users.every(isUserId))
      throw malformed('an actor and its users', shown(actor));
    actors.push([actor, users]);
  }
  return actorClaims(actors);
}

function listOf(wire: unknown, what: string): readonly unknown[] {
  if (Array.isArray(wire)) return wire;
  throw malformed(`a list of ${what}`, shown(wire));
}

function malformed(expected: string, got: string): ProtocolError {
  return new ProtocolError('malformed', { what: WHAT, expected, got });
}

function tooMany(expected: string): ProtocolError {
  return new ProtocolError('too-many', { what: WHAT, expected, got: 'more' });
}

function shown(got: unknown): string {
  if (typeof got === 'string') return JSON.stringify(got.slice(0, 100));
  return got === null || typeof got !== 'object' ? String(got) : 'something else';
}
