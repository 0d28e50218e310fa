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
import { Unpacker } from '../wire/unpack.ts';
import { headEnd, type PatchHead, PatchHeads } from './patch-heads.ts';
import type { WirePatch } from './wire-patch.ts';

const heads = new PatchHeads();
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
  return new PatchReader(wire).patch();
}

/** Makes the normal form of a patch, in one pass over its bytes: no object without registers, none purged, each register once. */
class PatchReader {
  readonly #bytes: WirePatch;
  readonly #wire: Unpacker;
  readonly #objects = new Map<ObjectId, ObjectPatch & { readonly registers: Map<Path, Register> }>();
  #paths: readonly Path[] = [];
  #count = 0;

  constructor(wire: WirePatch) {
    this.#bytes = wire;
    this.#wire = new Unpacker(wire, 0, WHAT);
  }

  patch(): Patch {
    const length = this.#list(0, 'the patch');
    const groups = (length - 2) / 3;
    if (!Number.isInteger(groups) || groups < 1) throw malformed('groups of three', `${length - 2}`);
    const { paths, actors } = this.#readHead();
    this.#paths = paths;
    for (let group = 0; group < groups; group++) this.#readGroup();
    this.#wire.end();
    return { objects: this.#objects, actors };
  }

  #readHead(): PatchHead {
    const from = this.#wire.at;
    const to = headEnd(this.#bytes, from);
    const known = to === null ? null : heads.find(this.#bytes, from, to);
    if (to !== null && known !== null) {
      this.#wire.pass(to, known.elements);
      return known;
    }
    const before = this.#wire.elements;
    const paths = this.#readPaths();
    const actors = this.#readClaims();
    const head = { paths, actors, elements: this.#wire.elements - before };
    if (to !== null) heads.remember(this.#bytes, from, to, head);
    return head;
  }

  #readPaths(): Path[] {
    const length = this.#list(1, 'the paths');
    if (length > MAX_PATCH_PATHS) throw tooMany(`at most ${MAX_PATCH_PATHS} paths`);
    const paths: Path[] = [];
    for (let item = 0; item < length; item++) {
      const text = this.#wire.value(2);
      const path = typeof text === 'string' ? readPath(text) : undefined;
      if (path === undefined) throw malformed('component.property', shown(text));
      paths.push(path);
    }
    return paths;
  }

  #readClaims(): Patch['actors'] {
    const length = this.#pairs(1, 'the claims', 'actors and users');
    if (length > MAX_PATCH_ACTORS) throw tooMany(`claims of at most ${MAX_PATCH_ACTORS} actors`);
    const claims: [ActorId, readonly UserId[]][] = [];
    for (let item = 0; item < length; item++) {
      const actor = this.#wire.value(2);
      const users = this.#list(2, 'the users of a claim');
      if (!isActorId(actor) || users > MAX_CLAIMS_PER_ACTOR)
        throw malformed('an actor and its users', shown(actor));
      claims.push([actor, this.#readUsers(users)]);
    }
    return actorClaims(claims);
  }

  #readUsers(length: number): UserId[] {
    const users: UserId[] = [];
    for (let item = 0; item < length; item++) {
      const user = this.#wire.value(3);
      if (!isUserId(user)) throw malformed('a user', shown(user));
      users.push(user);
    }
    return users;
  }

  /** What was written under one stamp. */
  #readGroup(): void {
    const time = this.#wire.value(1);
    if (!isTime(time)) throw malformed('a time', shown(time));
    const actor = this.#wire.value(1);
    if (!isActorId(actor)) throw malformed('an actor', shown(actor));
    const stamp = { time, actor };
    const length = this.#pairs(1, 'the objects of a stamp', 'ids and registers');
    if (length === 0) throw malformed('ids and registers', 'none');
    for (let item = 0; item < length; item++) {
      const id = this.#wire.value(2);
      if (!isObjectId(id) || id === ROOT) throw malformed('an object id', shown(id));
      this.#readRegisters(this.#registersOf(id), stamp);
    }
  }

  #registersOf(id: ObjectId): Map<Path, Register> {
    const known = this.#objects.get(id);
    if (known !== undefined) return known.registers;
    if (this.#objects.size === MAX_PATCH_OBJECTS) throw tooMany(`at most ${MAX_PATCH_OBJECTS} objects`);
    const registers = new Map<Path, Register>();
    this.#objects.set(id, { registers, purge: null });
    return registers;
  }

  #readRegisters(registers: Map<Path, Register>, stamp: Stamp): void {
    const length = this.#pairs(2, 'the registers of an object', 'paths and values');
    if (length === 0) throw malformed('paths and values', 'none');
    this.#count += length;
    if (this.#count > MAX_PATCH_REGISTERS) throw tooMany(`at most ${MAX_PATCH_REGISTERS} registers`);
    for (let item = 0; item < length; item++) {
      const number = this.#wire.value(3);
      const path = typeof number === 'number' ? this.#paths[number] : undefined;
      if (path === undefined) throw malformed('the number of a path', shown(number));
      // To compare two values under one stamp may cost as much as both hold, again and again.
      if (registers.has(path)) throw malformed('each register once', path);
      const value = this.#wire.numbers(3) ?? readValue(this.#wire.value(3));
      if (value === undefined) throw malformed(`a value of ${path}`, 'none, or one that is too large');
      registers.set(path, { value, stamp });
    }
  }

  /** Enters a list. @returns how many items it has */
  #list(depth: number, what: string): number {
    const length = this.#wire.listLength(depth);
    if (length === null) throw malformed(`a list of ${what}`, shown(this.#wire.value(depth)));
    return length;
  }

  /** Enters a list of pairs. @returns how many pairs it has */
  #pairs(depth: number, what: string, ofWhat: string): number {
    const length = this.#list(depth, what);
    if (length % 2 !== 0) throw malformed(ofWhat, `${length}`);
    return length / 2;
  }
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
