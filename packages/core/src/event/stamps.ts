import {
  type ActorId,
  actorOfUser,
  isActorId,
  isUserId,
  type Path,
  RESERVED_COMPONENT,
  type UserId,
} from '../ids.ts';
import { isTime, type Stamp, TICKS_PER_MS, type Time } from '../stamp/stamp.ts';
import { contentHash, type EventContent, isRecord } from './event-json.ts';

/** Who wrote what when, as an event says it, or as its sender and time do where it says nothing. */
export interface EventStamps {
  readonly handWritten: boolean;
  /** `undefined` where the register's stamp is malformed. */
  stampOf(path: Path): Stamp | undefined;
  usersOf(actor: ActorId): readonly UserId[];
  /** Until when the object was purged before; `undefined` where that is malformed, `null` where it is not said. */
  readonly purge: Time | null | undefined;
  /** Keys of `w` that are not ours. */
  readonly extra: EventContent;
}

const OWN_KEYS: ReadonlySet<string> = new Set(['t', 'a', 'x', 'u', 'h', 'p']);

/** Reads `w`. Without it, with a malformed one or with one that does not fit the content, the event is hand-written. */
export function readStamps(content: EventContent, sender: UserId, originServerTs: number): EventStamps {
  const w = content[RESERVED_COMPONENT];
  if (!isRecord(w)) return handWritten(sender, originServerTs, {}, null);
  const extra = Object.fromEntries(Object.entries(w).filter(([key]) => !OWN_KEYS.has(key)));
  const { t: time, a: actor, x: exceptions = {}, u: users = {}, h: hash, p = null } = w;
  // Counts even where a hand edit left the rest behind: a purge is never taken back.
  const purge = p === null || isTime(p) ? p : undefined;
  const isWhole = isTime(time) && isActorId(actor) && isRecord(exceptions) && isRecord(users);
  if (!isWhole || hash !== contentHash(content)) return handWritten(sender, originServerTs, extra, purge);
  const common: Stamp = { time, actor };
  const shared = new Map<string, Stamp>();
  return {
    handWritten: false,
    extra,
    purge,
    stampOf: (path) => {
      if (!Object.hasOwn(exceptions, path)) return common;
      const stamp = readStamp(exceptions[path]);
      if (stamp === undefined) return undefined;
      const key = `${stamp.time} ${stamp.actor}`;
      const known = shared.get(key);
      if (known === undefined) shared.set(key, stamp);
      return known ?? stamp;
    },
    usersOf: (author) => {
      if (Object.hasOwn(users, author)) return readUsers(users[author]);
      return author === actor && !isUserId(actor) ? [sender] : [];
    },
  };
}

/** A time that a server gave in whole milliseconds; `undefined` where it is out of range. */
export function serverTime(ms: number, counter = 0): Time | undefined {
  const time = ms * TICKS_PER_MS + counter;
  return Number.isInteger(ms) && isTime(time) ? time : undefined;
}

function handWritten(
  sender: UserId,
  originServerTs: number,
  extra: EventContent,
  purge: Time | null | undefined,
): EventStamps {
  const time = serverTime(originServerTs);
  const stamp = time !== undefined ? { time, actor: actorOfUser(sender) } : undefined;
  return { handWritten: true, stampOf: () => stamp, usersOf: () => [], extra, purge };
}

function readStamp(input: unknown): Stamp | undefined {
  if (!Array.isArray(input) || input.length !== 2) return undefined;
  const [time, actor]: readonly unknown[] = input;
  return isTime(time) && isActorId(actor) ? { time, actor } : undefined;
}

function readUsers(input: unknown): readonly UserId[] {
  const users: readonly unknown[] = Array.isArray(input) ? input : [input];
  return users.filter(isUserId);
}
