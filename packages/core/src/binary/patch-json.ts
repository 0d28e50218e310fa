import { isRecord } from '../event/event-json.ts';
import {
  type ActorId,
  componentOf,
  isActorId,
  isObjectId,
  isUserId,
  type ObjectId,
  pathOf,
  propertyOf,
  ROOT,
  type UserId,
} from '../ids.ts';
import { type ObjectPatch, type Patch, patchOf, type RegisterEntry } from '../register/patch.ts';
import { isTime, type Stamp, type Time } from '../stamp/stamp.ts';
import { readValue } from '../value/normalise.ts';
import { compareUtf8 } from '../value/utf8.ts';
import type { Value } from '../value/value.ts';
import { badFile, beyondLimit } from './bad-file.ts';
import type { DecodedFile } from './decode.ts';
import { type FileInfo, readInfo, writableInfo } from './file-info.ts';
import { MAX_BLOB_OBJECTS, MAX_BLOB_REGISTERS } from './limits.ts';
import { ProblemList } from './problem-list.ts';

/** One register in JSON: value, time, actor. */
export type RegisterJson = readonly [Value, Time, ActorId];

/** Components, their properties, and the register of each. */
export type ObjectJson = Readonly<Record<string, Readonly<Record<string, RegisterJson>>>>;

/** A patch in JSON, for people, diffs and other languages. The keys are sorted; empty parts are left out. */
export interface PatchJson {
  readonly weft: 1;
  readonly info?: FileInfo;
  readonly objects: Readonly<Record<string, ObjectJson>>;
  readonly purges?: Readonly<Record<string, Time>>;
  readonly actors?: Readonly<Record<string, readonly UserId[]>>;
}

const VERSION = 1;

/** Equal patches give equal JSON. Values are shared with the patch, not copied. */
export function patchToJson(patch: Patch, info: FileInfo = {}): PatchJson {
  const objects: [string, ObjectJson][] = [];
  const purges: [string, Time][] = [];
  for (const [id, object] of patch.objects) {
    if (object.registers.size > 0) objects.push([id, objectToJson(object)]);
    if (object.purge !== null) purges.push([id, object.purge]);
  }
  const actors = [...patch.actors].map(([actor, users]) => [actor, [...users].sort(compareUtf8)] as const);
  const known = writableInfo(info);
  return {
    weft: VERSION,
    ...(Object.keys(known).length > 0 ? { info: known } : {}),
    objects: record(objects),
    ...(purges.length > 0 ? { purges: record(purges) } : {}),
    ...(actors.length > 0 ? { actors: record(actors) } : {}),
  };
}

/**
 * Reads what `patchToJson` wrote, or what a person or another program wrote in that form. A malformed register is
 * dropped alone and reported.
 *
 * @param json parsed JSON; its text is the caller's to bound
 * @param carrier what problems are reported under
 * @throws WeftError `bad-file` where it is no patch at all; `limit` past 500,000 objects or 5,000,000 registers
 */
export function patchFromJson(json: unknown, carrier = 'file'): DecodedFile {
  if (!isRecord(json))
    throw badFile('a record with "objects"', Array.isArray(json) ? 'an array' : typeof json);
  if (json.weft !== VERSION)
    throw badFile(`"weft": ${VERSION}`, typeof json.weft === 'number' ? String(json.weft) : typeof json.weft);
  const problems = new ProblemList(carrier);
  const registers: RegisterEntry[] = [];
  for (const [id, object] of members(json.objects, 'objects', MAX_BLOB_OBJECTS))
    readObject(id, object, registers, problems);
  const patch = patchOf({
    registers,
    purges: readPurges(json.purges, problems),
    actors: readActors(json.actors, problems),
  });
  const info = readInfo(json.info, (name, reason) => problems.add(name, reason));
  return { patch, info, problems: problems.list() };
}

function objectToJson({ registers }: ObjectPatch): ObjectJson {
  const components = new Map<string, [string, RegisterJson][]>();
  for (const [path, { value, stamp }] of registers) {
    const properties = components.get(componentOf(path)) ?? [];
    properties.push([propertyOf(path), [value, stamp.time, stamp.actor]]);
    components.set(componentOf(path), properties);
  }
  return record([...components].map(([component, properties]) => [component, record(properties)]));
}

/** A record without a prototype, its names in UTF-8 order (names of digits alone come first: JavaScript's rule). */
function record<T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> {
  const result: Record<string, T> = Object.create(null);
  for (const [name, member] of [...entries].sort(([a], [b]) => compareUtf8(a, b))) result[name] = member;
  return result;
}

function members(input: unknown, what: string, most: number): [string, unknown][] {
  if (input === undefined) return [];
  if (!isRecord(input))
    throw badFile(`a record of ${what}`, Array.isArray(input) ? 'an array' : typeof input);
  const entries = Object.entries(input);
  if (entries.length > most)
    throw beyondLimit('read a patch in JSON', `at most ${most} ${what}`, String(entries.length));
  return entries;
}

function readObject(id: string, object: unknown, registers: RegisterEntry[], problems: ProblemList): void {
  if (!isWorldObject(id)) {
    problems.add(null, `the object id ${shown(id)} is not allowed`);
    return;
  }
  if (!isRecord(object)) {
    problems.add(null, 'an object is a record of components', id);
    return;
  }
  const stamps = new Map<string, Stamp>();
  for (const [component, properties] of Object.entries(object)) {
    if (!isRecord(properties)) problems.add(component, 'a component is a record of properties', id);
    else
      for (const [property, register] of Object.entries(properties)) {
        const entry = readRegister(id, component, property, register, stamps);
        if (typeof entry === 'string') problems.add(`${component}.${property}`, entry, id);
        else registers.push(entry);
        if (registers.length > MAX_BLOB_REGISTERS)
          throw beyondLimit('read a patch in JSON', `at most ${MAX_BLOB_REGISTERS} registers`, 'more');
      }
  }
}

/** The register, or why it is none. */
function readRegister(
  id: ObjectId,
  component: string,
  property: string,
  input: unknown,
  stamps: Map<string, Stamp>,
): RegisterEntry | string {
  const path = pathOf(component, property);
  if (path === undefined) return 'the name is not allowed';
  if (!Array.isArray(input) || input.length !== 3) return 'a register is [value, time, actor]';
  const [wire, time, actor]: readonly unknown[] = input;
  const value = readValue(wire);
  if (value === undefined) return 'the value is malformed or too large';
  if (!isTime(time) || !isActorId(actor)) return 'the stamp is malformed or out of range';
  const key = `${time} ${actor}`;
  const stamp = stamps.get(key) ?? { time, actor };
  stamps.set(key, stamp);
  return { id, path, register: { value, stamp } };
}

function readPurges(input: unknown, problems: ProblemList): [ObjectId, Time][] {
  const purges: [ObjectId, Time][] = [];
  for (const [id, time] of members(input, 'purges', MAX_BLOB_OBJECTS)) {
    if (!isWorldObject(id)) problems.add(null, `the object id ${shown(id)} is not allowed`);
    else if (!isTime(time)) problems.add(null, 'the time of the purge is out of range', id);
    else purges.push([id, time]);
  }
  return purges;
}

function readActors(input: unknown, problems: ProblemList): [ActorId, UserId[]][] {
  const actors: [ActorId, UserId[]][] = [];
  for (const [actor, users] of members(input, 'actors', MAX_BLOB_REGISTERS)) {
    const listed: readonly unknown[] = Array.isArray(users) ? users : [];
    if (isActorId(actor) && listed.length > 0) actors.push([actor, listed.filter(isUserId)]);
    else problems.add(null, `the claim of ${shown(actor)} is malformed`);
  }
  return actors;
}

function isWorldObject(id: string): id is ObjectId {
  return isObjectId(id) && id !== ROOT;
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 100));
}
