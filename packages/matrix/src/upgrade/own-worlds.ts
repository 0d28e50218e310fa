import { WORLD_ROOM_TYPE } from '../event-types.ts';
import type { Homeserver } from '../homeserver.ts';
import type { RoomId } from '../ids.ts';
import { stringMember } from '../json.ts';
import type { RequestOptions } from '../request.ts';
import type { RoomEvent } from '../room-event.ts';

/** Rooms that are looked at for one that was begun. */
export const MAX_SEARCHED_ROOMS = 1000;

const CONCURRENT_REQUESTS = 8;

/**
 * The worlds that this user made and is in whose create event is one that was asked for, the oldest first. Costs a
 * request for each room, of the last 1,000.
 *
 * @throws HomeserverError
 */
export async function ownWorlds(
  homeserver: Pick<Homeserver, 'userId' | 'joinedRooms' | 'readCurrent'>,
  isWanted: (create: RoomEvent) => boolean,
  request: RequestOptions,
): Promise<readonly RoomId[]> {
  const rooms = (await homeserver.joinedRooms(request)).slice(-MAX_SEARCHED_ROOMS);
  const found: { readonly room: RoomId; readonly atMs: number }[] = [];
  for (let at = 0; at < rooms.length; at += CONCURRENT_REQUESTS)
    await Promise.all(
      rooms.slice(at, at + CONCURRENT_REQUESTS).map(async (room) => {
        const create = await homeserver.readCurrent(room, 'm.room.create', '', request);
        if (create === null || create.sender !== homeserver.userId || !isWanted(create)) return;
        if (stringMember(create.content, 'type') === WORLD_ROOM_TYPE) found.push({ room, atMs: create.atMs });
      }),
    );
  return found.sort((a, b) => a.atMs - b.atMs || (a.room < b.room ? -1 : 1)).map(({ room }) => room);
}
