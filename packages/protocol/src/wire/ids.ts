import {
  type ActorId,
  isActorId,
  isObjectId,
  isTime,
  isUserId,
  MAX_TIME_TICKS,
  type ObjectId,
  type Path,
  ROOT,
  readPath,
  type Time,
  type UserId,
} from '@weft/core';
import { Type } from 'typebox';
import { isRunId, RUN_ID_PATTERN, type RunId } from '../run-id.ts';
import { type Field, plain } from './field.ts';
import { id, uint32 } from './scalars.ts';

const FORBIDDEN = '__proto__|constructor|prototype';
const USER_ID = '^@[^\\u0000:]*:[^\\u0000\\s]+$';
const MAX_ID_CHARACTERS = 255;

/** An object of the world; `root` is none that can be written. */
export function objectId(description: string): Field<ObjectId> {
  return id(description, {
    noun: 'object id',
    pattern: `^(?!(?:root|${FORBIDDEN})$)[A-Za-z0-9_-]{1,64}$`,
    maxLength: 64,
    is: (wire): wire is ObjectId => isObjectId(wire) && wire !== ROOT,
  });
}

export function actorId(description: string): Field<ActorId> {
  return id(description, {
    noun: 'actor id',
    pattern: `^(?:(?!(?:${FORBIDDEN})$)[A-Za-z0-9_-]{8,64}|${USER_ID.slice(1, -1)})$`,
    maxLength: MAX_ID_CHARACTERS,
    is: isActorId,
  });
}

export function userId(description: string): Field<UserId> {
  return id(description, { noun: 'user id', pattern: USER_ID, maxLength: MAX_ID_CHARACTERS, is: isUserId });
}

export function runId(description: string): Field<RunId> {
  return id(description, { noun: 'run id', pattern: RUN_ID_PATTERN, maxLength: 16, is: isRunId });
}

/** A socket of one run of a relay; numbers are not used again within it. */
export type Session = number;

export function session(description: string): Field<Session> {
  return uint32(description, 1);
}

/** Zero where it is nobody who is connected. */
export function sessionOrNobody(description: string): Field<Session | 0> {
  return uint32(description);
}

export function time(description: string): Field<Time> {
  return plain(Type.Integer({ description, minimum: 0, maximum: MAX_TIME_TICKS }), isTime);
}

/** `component.property`. */
export function path(description: string): Field<Path> {
  return {
    schema: Type.String({
      description,
      $comment: 'path',
      pattern: '^[a-z][A-Za-z0-9_:-]*\\.[A-Za-z_][A-Za-z0-9_-]{0,63}$',
    }),
    read: (wire) => (typeof wire === 'string' ? readPath(wire) : undefined),
    write: (held) => held,
  };
}
