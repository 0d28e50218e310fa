import {
  type ActorId,
  isActorId,
  type ObjectId,
  type Patch,
  type Path,
  parseObjectId,
  parsePath,
  parseTime,
  parseUserId,
  patchOf,
  type Register,
  type RegisterEntry,
  type Time,
  type UserId,
  type Value,
} from '../../src/index.ts';

/** `[value, time, actor]` */
export type RegisterJson = readonly [Value, number, string];
export type RegistersJson = Readonly<Record<string, RegisterJson>>;

/** A patch as vectors write it. */
export interface PatchJson {
  readonly objects?: Readonly<
    Record<string, { readonly registers?: RegistersJson; readonly purge?: number }>
  >;
  readonly actors?: Readonly<Record<string, readonly string[]>>;
}

export function readPatch({ objects = {}, actors = {} }: PatchJson): Patch {
  const registers: RegisterEntry[] = [];
  const purges: [ObjectId, Time][] = [];
  for (const [key, said] of Object.entries(objects)) {
    const id = parseObjectId(key);
    if (said.purge !== undefined) purges.push([id, parseTime(said.purge)]);
    for (const [path, register] of readRegisters(said.registers ?? {}))
      registers.push({ id, path, register });
  }
  return patchOf({ registers, purges, actors: readClaims(actors) });
}

export function readRegisters(json: RegistersJson): Map<Path, Register> {
  return new Map(Object.entries(json).map(([path, register]) => [parsePath(path), readRegister(register)]));
}

export function readRegister([value, time, actor]: RegisterJson): Register {
  return { value, stamp: { time: parseTime(time), actor: readActor(actor) } };
}

export function readClaims(json: Readonly<Record<string, readonly string[]>>): [ActorId, UserId[]][] {
  return Object.entries(json).map(([actor, users]) => [readActor(actor), users.map(parseUserId)]);
}

export function readActor(text: string): ActorId {
  if (isActorId(text)) return text;
  throw new TypeError(`${text} is no actor`);
}

export function writePatch({ objects, actors }: Patch): PatchJson {
  const claims = [...actors].map(([actor, users]) => [actor, [...users]] as const);
  return {
    ...(objects.size === 0 ? {} : { objects: Object.fromEntries([...objects].map(writeObject)) }),
    ...(claims.length === 0 ? {} : { actors: Object.fromEntries(claims) }),
  };
}

export function writeRegisters(registers: ReadonlyMap<Path, Register>): RegistersJson {
  return Object.fromEntries(
    [...registers].map(([path, { value, stamp }]) => [path, [value, stamp.time, stamp.actor]]),
  );
}

function writeObject([id, { registers, purge }]: [
  ObjectId,
  { readonly registers: ReadonlyMap<Path, Register>; readonly purge: Time | null },
]) {
  const said = {
    ...(purge === null ? {} : { purge }),
    ...(registers.size === 0 ? {} : { registers: writeRegisters(registers) }),
  };
  return [id, said] as const;
}
