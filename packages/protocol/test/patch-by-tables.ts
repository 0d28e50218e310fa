import {
  type ActorId,
  actorClaims,
  isActorId,
  isObjectId,
  isTime,
  isUserId,
  MAX_CLAIMS_PER_ACTOR,
  type Patch,
  type Path,
  patchOf,
  type RegisterEntry,
  ROOT,
  readPath,
  readValue,
} from '@weft/core';
import { unpack } from '../src/wire/unpack.ts';

/** What a patch of the lane says, by its text in the specification: the whole value first, then its parts. Throws for what is none. */
export function patchByTables(wire: Uint8Array): Patch {
  const [paths, claims, ...groups] = list(unpack(wire, 0, 'read'));
  const known = list(paths).map((text): Path => held(typeof text === 'string' ? readPath(text) : undefined));
  const registers: RegisterEntry[] = [];
  check(groups.length > 0);
  for (const [time, actor, objects] of chunks(groups, 3)) {
    check(isTime(time) && isActorId(actor));
    if (!isTime(time) || !isActorId(actor)) continue;
    const stamp = { time, actor };
    for (const [id, said] of chunks(filled(objects), 2)) {
      if (!isObjectId(id) || id === ROOT) throw new TypeError('id');
      for (const [number, value] of chunks(filled(said), 2)) {
        const path = held(typeof number === 'number' ? known[number] : undefined);
        check(!registers.some((each) => each.id === id && each.path === path));
        registers.push({ id, path, register: { value: held(readValue(value)), stamp } });
      }
    }
  }
  return { objects: patchOf({ registers }).objects, actors: actorClaims(chunks(list(claims), 2).map(claim)) };
}

function claim([actor, users]: readonly unknown[]): readonly [ActorId, Iterable<never>] {
  const named = list(users);
  check(isActorId(actor) && named.length <= MAX_CLAIMS_PER_ACTOR && named.every(isUserId));
  return [actor, named] as unknown as readonly [ActorId, Iterable<never>];
}

function chunks(items: readonly unknown[], size: number): (readonly unknown[])[] {
  check(items.length % size === 0);
  return Array.from({ length: items.length / size }, (_, at) => items.slice(at * size, (at + 1) * size));
}

function filled(wire: unknown): readonly unknown[] {
  check(list(wire).length > 0);
  return list(wire);
}

function list(wire: unknown): readonly unknown[] {
  if (Array.isArray(wire)) return wire;
  throw new TypeError('list');
}

function held<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('value');
  return value;
}

function check(isSo: boolean): void {
  if (!isSo) throw new TypeError('check');
}
