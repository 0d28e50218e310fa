import fc from 'fast-check';
import {
  type ActorId,
  entriesOf,
  FORBIDDEN_NAMES,
  isActorId,
  isValue,
  type ObjectId,
  type Patch,
  type Path,
  parseObjectId,
  parsePath,
  parseTime,
  parseUserId,
  patchOf,
  type Register,
  type Stamp,
  TICKS_PER_MS,
  type Time,
  type UserId,
  type Value,
} from '../src/index.ts';

/** Small pools, so that random patches speak of the same registers and collide. */
export const OBJECT_IDS: readonly ObjectId[] = ['obj-a', 'obj-b', 'obj-c', 'obj-d'].map(parseObjectId);
export const PATHS: readonly Path[] = [
  'node.name',
  'node.parent',
  'node.deleted',
  'transform.position',
  'acme:door.open',
].map(parsePath);
export const USER_IDS: readonly UserId[] = [
  '@ann:a.org',
  '@bob:b.org',
  '@cyd:c.org',
  '@dan:d.org',
  '@eve:e.org',
  '@éé:f.org',
].map(parseUserId);
export const ACTOR_IDS: readonly ActorId[] = ['actor-aaaaaa', 'actor-bbbbbb', '@ann:a.org'].filter(isActorId);

/** 2026 in clock ticks: `time` arbitraries lie within a few ticks of it. */
export const BASE_TIME: Time = parseTime(1_767_225_600_000 * 2048);

/** Any well-formed text without NUL, many of them starting with the tag of the wire form. */
export const text: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('', '', '~', '~~', '~[', '~"'), fc.string({ unit: 'binary', maxLength: 12 }))
  .map(([prefix, rest]) => prefix + rest.replaceAll('\0', ''));

const name: fc.Arbitrary<string> = text.filter((candidate) => !FORBIDDEN_NAMES.has(candidate));

const number: fc.Arbitrary<number> = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, 0.1, 1e300, 5e-324, 2 ** 53, -(2 ** 53), 2 ** 53 - 1, 1e21, -1.5),
);

/** Every kind of value: floats, unsafe integers, `~` texts, all of Unicode, nesting to the bound. Never -0. */
export const value: fc.Arbitrary<Value> = fc
  .oneof(
    { weight: 6, arbitrary: json(4) },
    {
      weight: 1,
      arbitrary: fc.tuple(json(1), fc.integer({ min: 20, max: 31 })).map(([inner, by]) => nest(inner, by)),
    },
  )
  .filter(isValue);

export const time: fc.Arbitrary<Time> = fc.nat({ max: 6 }).map((ticks) => parseTime(BASE_TIME + ticks));

export const stamp: fc.Arbitrary<Stamp> = fc.record({ time, actor: fc.constantFrom(...ACTOR_IDS) });

/** A register with few values and stamps, so that ties are common. */
export const register: fc.Arbitrary<Register> = fc.record({
  value: fc.constantFrom<Value>(null, 'a', true, 1.5, ...OBJECT_IDS),
  stamp,
});

/** A user of the pool. */
export const userId: fc.Arbitrary<UserId> = fc.constantFrom(...USER_IDS);

/** Registers, purges and disputed actor claims over the small pools. */
export const patch: fc.Arbitrary<Patch> = fc
  .record({
    registers: fc.array(
      fc.record({ id: fc.constantFrom(...OBJECT_IDS), path: fc.constantFrom(...PATHS), register }),
      { maxLength: 12 },
    ),
    purges: fc.array(fc.tuple(fc.constantFrom(...OBJECT_IDS), time), { maxLength: 2 }),
    actors: fc.array(fc.tuple(fc.constantFrom(...ACTOR_IDS), fc.array(userId, { maxLength: 6 })), {
      maxLength: 3,
    }),
  })
  .map(patchOf);

/** The same patch, written by clocks that are further ahead. */
export function shifted(from: Patch, byMs: number): Patch {
  const later = (at: Time) => parseTime(at + byMs * TICKS_PER_MS);
  return patchOf({
    registers: [...entriesOf(from)].map(({ id, path, register: { value: held, stamp: old } }) => ({
      id,
      path,
      register: { value: held, stamp: { time: later(old.time), actor: old.actor } },
    })),
    purges: [...from.objects].flatMap(([id, { purge }]) =>
      purge === null ? [] : [[id, later(purge)] as const],
    ),
    actors: from.actors,
  });
}

/** An order in which to deliver some things, each at least once and some of them again. */
export function delivery<T>(things: readonly T[]): fc.Arbitrary<T[]> {
  const again =
    things.length === 0
      ? fc.constant([])
      : fc.array(fc.constantFrom(...things), { maxLength: things.length });
  return again.chain((extra) => {
    const all = [...things, ...extra];
    return fc.shuffledSubarray(all, { minLength: all.length });
  });
}

/** A patch as plain data with sorted keys: two patches are equal when these are deeply equal. */
export function plainPatch(from: Patch): unknown {
  const sorted = <T>(entries: Iterable<readonly [string, T]>) =>
    [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    objects: sorted(from.objects).map(([id, { registers, purge }]) => ({
      id,
      purge,
      registers: sorted(registers).map(([path, { value, stamp }]) => [path, { value, stamp }]),
    })),
    actors: sorted(from.actors).map(([actor, users]) => [actor, [...users].sort()]),
  };
}

function json(maxDepth: number): fc.Arbitrary<Value> {
  const { tree } = fc.letrec<{ tree: Value; leaf: Value }>((tie) => ({
    leaf: fc.oneof(
      fc.constant(null),
      fc.boolean(),
      number.map((n) => (n === 0 ? 0 : n)),
      text,
    ),
    tree: fc.oneof(
      { maxDepth },
      tie('leaf'),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(name, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  return tree;
}

function nest(inner: Value, by: number): Value {
  let result = inner;
  for (let level = 0; level < by; level++) result = level % 2 === 0 ? [result] : { in: result };
  return result;
}
