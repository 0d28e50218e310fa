import {
  type ActorId,
  isActorId,
  type ObjectId,
  type Patch,
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
} from '@weft/core';
import type { SeededRandom } from '@weft/testing';

const IDS = ['a', 'b', 'c'].map(parseObjectId);
const PATHS = ['node.name', 'node.parent', 'acme:door.open'].map(parsePath);
const ACTORS: readonly ActorId[] = ['actor-aa', 'actor-bb', 'Actor-cc', '@ann:a.org'].filter(isActorId);
const USERS = ['@ann:a.org', '@bob:b.org', '@cyd:c.org', '@éé:d.org', '@～:e.org', '@😀:f.org'].map(
  parseUserId,
);
const VALUES: readonly Value[] = [
  null,
  true,
  false,
  0,
  10,
  9,
  1.5,
  'a',
  'A',
  '～',
  '😀',
  [1],
  [1, 2],
  { a: 1 },
];
const LATEST_TICKS = 6;

/** Few times, actors and values, so that registers tie. */
export function randomRegister(random: SeededRandom): Register {
  const time = parseTime(random.below(LATEST_TICKS));
  return { value: random.pick(VALUES), stamp: { time, actor: random.pick(ACTORS) } };
}

/** Registers, purges and claims over few objects, so that patches collide. */
export function randomPatch(random: SeededRandom): Patch {
  const registers = times(1 + random.below(5), (): RegisterEntry => {
    return { id: random.pick(IDS), path: random.pick(PATHS), register: randomRegister(random) };
  });
  const purges = times(random.chance(0.3) ? 1 : 0, (): [ObjectId, Time] => {
    return [random.pick(IDS), parseTime(random.below(LATEST_TICKS))];
  });
  const actors = times(random.below(2), (): [ActorId, UserId[]] => {
    return [random.pick(ACTORS), times(1 + random.below(3), () => random.pick(USERS))];
  });
  return patchOf({ registers, purges, actors });
}

export function times<T>(count: number, make: (at: number) => T): T[] {
  return Array.from({ length: count }, (_, at) => make(at));
}
