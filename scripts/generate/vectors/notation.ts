import type { ObjectId, Patch, Register, Registers } from '@weft/core';
import type { Json, JsonRecord } from '../json.ts';
import { plain } from '../json.ts';

/** `[value, time, actor]` */
export function registerJson({ value, stamp }: Register): Json {
  return plain([value, stamp.time, stamp.actor]);
}

export function registersJson(registers: Registers): JsonRecord {
  return Object.fromEntries([...registers].map(([path, register]) => [path, registerJson(register)]));
}

export function objectsJson(objects: ReadonlyMap<ObjectId, Registers>): JsonRecord {
  return Object.fromEntries([...objects].map(([id, registers]) => [id, registersJson(registers)]));
}

/** A patch as vectors write it. */
export function patchJson({ objects, actors }: Patch): JsonRecord {
  const said = [...objects].map(([id, { registers, purge }]): [string, JsonRecord] => [
    id,
    {
      ...(purge === null ? {} : { purge }),
      ...(registers.size === 0 ? {} : { registers: registersJson(registers) }),
    },
  ]);
  const claims = [...actors].map(([actor, users]): [string, readonly string[]] => [actor, [...users]]);
  return {
    ...(said.length === 0 ? {} : { objects: Object.fromEntries(said) }),
    ...(claims.length === 0 ? {} : { actors: Object.fromEntries(claims) }),
  };
}
