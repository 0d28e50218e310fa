import { connectHomeserver, type Homeserver, type RoomId, WORLD_EVENT, WORLD_ROOM_TYPE } from '@weft/matrix';
import { homeserverLogin, type WorldLogin } from './login.ts';

/** A world that the user has joined. */
export interface WorldEntry {
  readonly room: RoomId;
  /** Empty where it has none. */
  readonly title: string;
}

export interface ListWorldsOptions {
  readonly login: WorldLogin;
  readonly signal?: AbortSignal;
}

/** Rooms looked at, in the homeserver's order; more are left out. */
export const MAX_LISTED_ROOMS = 1_000;
const CONCURRENT_REQUESTS = 8;

/**
 * The worlds among the rooms that the user has joined. Costs one or two requests a room.
 * @throws HomeserverError
 */
export async function listWorlds({ login, signal }: ListWorldsOptions): Promise<readonly WorldEntry[]> {
  const request = signal === undefined ? {} : { signal };
  const homeserver = await connectHomeserver(homeserverLogin(login), request);
  try {
    const rooms = (await homeserver.joinedRooms(request)).slice(0, MAX_LISTED_ROOMS);
    const found: (WorldEntry | null)[] = [];
    for (let at = 0; at < rooms.length; at += CONCURRENT_REQUESTS) {
      const batch = rooms.slice(at, at + CONCURRENT_REQUESTS);
      found.push(...(await Promise.all(batch.map((room) => readEntry(homeserver, room, request)))));
    }
    return found.filter((entry) => entry !== null);
  } finally {
    homeserver.stop();
  }
}

async function readEntry(
  homeserver: Homeserver,
  room: RoomId,
  request: { readonly signal?: AbortSignal },
): Promise<WorldEntry | null> {
  const create = await homeserver.readStateEvent(room, 'm.room.create', '', request);
  if (create?.type !== WORLD_ROOM_TYPE) return null;
  const world = await homeserver.readStateEvent(room, WORLD_EVENT, '', request);
  const title = world?.title;
  return { room, title: typeof title === 'string' ? title : '' };
}
