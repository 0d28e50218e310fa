import { HomeserverError } from '../errors.ts';
import { WORLD_ROOM_TYPE } from '../event-types.ts';
import type { Homeserver } from '../homeserver.ts';
import { isRoomId, type RoomId, serverOf } from '../ids.ts';
import { member, stringMember } from '../json.ts';
import type { RequestOptions } from '../request.ts';
import { RoomPolicy } from '../room/policy.ts';
import type { RoomEvent } from '../room-event.ts';

/** What following asks of a homeserver. */
export type UpgradeSource = Pick<Homeserver, 'userId' | 'readCurrent' | 'join' | 'sendState'>;

/** Rooms of one chain of replacements. */
export const MAX_UPGRADE_STEPS = 1000;

export const TOMBSTONE = 'm.room.tombstone';
const CREATE = 'm.room.create';
const LEVELS = 'm.room.power_levels';

/**
 * The room that the world lives in now: from one that was replaced to the one that took its place, and on. Each step is
 * checked from both sides: the tombstone names the new room, whose creator was entitled to end the old one and names it
 * as the predecessor.
 *
 * @param room one that the user is in
 * @returns the last one that lets the user in; the room itself where it was not replaced
 * @throws HomeserverError `bad-upgrade` for a circle, a chain of more than 1,000 rooms, and a room that does not name the
 *   one before it
 */
export async function newestRoom(
  homeserver: UpgradeSource,
  room: RoomId,
  via: readonly string[],
  request: RequestOptions,
): Promise<RoomId> {
  const visited = new Set<RoomId>([room]);
  let current = room;
  for (;;) {
    const tombstone = await homeserver.readCurrent(current, TOMBSTONE, '', request);
    const next = member(tombstone?.content, 'replacement_room');
    if (tombstone === null || !isRoomId(next)) return current;
    if (visited.has(next)) throw broken(room, `the rooms replace each other in a circle at ${next}`);
    if (visited.size >= MAX_UPGRADE_STEPS)
      throw broken(room, `more than ${MAX_UPGRADE_STEPS} rooms replace each other`);
    visited.add(next);
    if (!(await enter(homeserver, next, [...via, ...serversOf(tombstone)], request))) return current;
    const fault = await faultOf(homeserver, current, next, request);
    if (fault !== null) {
      await leave(homeserver, next, request);
      throw broken(room, fault);
    }
    current = next;
  }
}

/** `false` where the room does not let the user in: then the old one is still worth a look. */
async function enter(
  homeserver: UpgradeSource,
  room: RoomId,
  via: readonly string[],
  request: RequestOptions,
): Promise<boolean> {
  try {
    await homeserver.join(room, [...new Set(via)], request);
    return true;
  } catch (error) {
    const isShut =
      error instanceof HomeserverError && (error.code === 'forbidden' || error.code === 'not-found');
    if (isShut) return false;
    throw error;
  }
}

async function faultOf(
  homeserver: UpgradeSource,
  old: RoomId,
  next: RoomId,
  request: RequestOptions,
): Promise<string | null> {
  const [create, oldCreate, oldLevels] = await Promise.all([
    homeserver.readCurrent(next, CREATE, '', request),
    homeserver.readCurrent(old, CREATE, '', request),
    homeserver.readCurrent(old, LEVELS, '', request),
  ]);
  if (stringMember(create?.content, 'type') !== WORLD_ROOM_TYPE) return `${next} is no world`;
  if (create === null || predecessorOf(create) !== old)
    return `${next} does not name ${old} as the room before it`;
  const policy = new RoomPolicy(
    (type) => (type === CREATE ? oldCreate : type === LEVELS ? oldLevels : null) ?? undefined,
  );
  if (policy.levelOf(create.sender) >= policy.levelForState(TOMBSTONE)) return null;
  return `${create.sender}, who made ${next}, was not entitled to replace ${old}`;
}

/** The room that this one took the place of, as its create event says. */
export function predecessorOf(create: RoomEvent): RoomId | null {
  const room = member(member(create.content, 'predecessor'), 'room_id');
  return isRoomId(room) ? room : null;
}

// Nobody should find themselves in a room by a wrong address; that they are there for a moment cannot be helped.
async function leave(homeserver: UpgradeSource, room: RoomId, request: RequestOptions): Promise<void> {
  const own = { type: 'm.room.member', stateKey: homeserver.userId, content: { membership: 'leave' } };
  await homeserver.sendState(room, own, request).catch(() => undefined);
}

function serversOf({ sender }: RoomEvent): string[] {
  const server = serverOf(sender);
  return server === null ? [] : [server];
}

function broken(room: RoomId, got: string): HomeserverError {
  return new HomeserverError('bad-upgrade', { what: `follow the replacement of ${room}`, got });
}
