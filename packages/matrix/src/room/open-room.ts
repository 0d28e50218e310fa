import type { RandomBytes, Replica } from '@weft/core';
import type { FetchBlob } from '../blob/fetch-blob.ts';
import { HomeserverError } from '../errors.ts';
import { WORLD_ROOM_TYPE } from '../event-types.ts';
import type { Homeserver } from '../homeserver.ts';
import { isRoomAlias, type RoomAlias, type RoomId } from '../ids.ts';
import type { Journal } from '../journal/journal.ts';
import { type JsonRecord, stringMember } from '../json.ts';
import type { RequestOptions } from '../request.ts';
import { fraction, type Timers } from '../timers.ts';
import { newestRoom } from '../upgrade/follow-upgrades.ts';
import { RateLearner } from '../writer/rate-learner.ts';
import { RoomSession } from './session.ts';

export interface OpenRoomOptions extends RequestOptions {
  readonly homeserver: Homeserver;
  readonly room: RoomId | RoomAlias;
  /** Servers to join through; needed with an id that the homeserver does not know yet. */
  readonly via?: readonly string[];
  /** Empty, or holding what an earlier session of this client could not save. */
  readonly replica: Replica;
  readonly timers: Timers;
  readonly random: RandomBytes;
  /** What this device keeps of the room, opened; absent where it keeps nothing. Whoever opened it closes it. */
  readonly journal?: Journal;
  /** Opens this very room, for looking, though another took its place. Default `false`: the newest is opened. */
  readonly asItWas?: boolean;
  /** Runs in order to keep the world, as `weft guard` does. Default `false`. */
  readonly guardian?: boolean;
  /** Whether somebody who follows the room says that its state is the one with this digest: asked after a gap. */
  readonly isUnchanged?: (digest: string, signal: AbortSignal) => Promise<boolean>;
  /** Fetches blobs from `https:` and `ipfs:` addresses; absent where only the homeserver's media can be read. */
  readonly fetchBlob?: FetchBlob;
}

/** How long a world that is known is held back for news of it, before it opens as it was left. */
const PATIENCE_MS = 5000;

/**
 * Joins the room where needed, goes on to the one that took its place, reads its whole state into the replica, then
 * follows it and writes what is dirty, until `close`. A room of which the journal tells the whole state opens without
 * the homeserver too, as it was left, and is followed on from there as soon as the homeserver answers.
 *
 * @throws HomeserverError `not-found`, `forbidden` (not invited, or banned), `not-a-world`, `unreachable`, `bad-upgrade`
 */
export async function openRoom(options: OpenRoomOptions): Promise<RoomSession> {
  const { homeserver, replica, timers, random } = options;
  const request: RequestOptions = options.signal === undefined ? {} : { signal: options.signal };
  const { journal } = options;
  const rate = new RateLearner();
  const known = journal?.tells === true ? journal.room : null;
  const room = known ?? (await enterNewest(options, rate, request));
  const session = new RoomSession({
    homeserver,
    room,
    replica,
    timers,
    fraction: () => fraction(random),
    guardian: options.guardian ?? false,
    ...(options.fetchBlob === undefined ? {} : { fetchBlob: options.fetchBlob }),
    ...(options.isUnchanged === undefined ? {} : { isUnchanged: options.isUnchanged }),
    rate,
  });
  try {
    if (journal !== undefined) session.attach(journal);
    if (known === null) await session.start(request);
    else await session.startKnown(PATIENCE_MS, request);
    return session;
  } catch (error) {
    session.close();
    throw error;
  }
}

async function enterNewest(
  options: OpenRoomOptions,
  rate: RateLearner,
  request: RequestOptions,
): Promise<RoomId> {
  const room = await enter(options, rate, request);
  return options.asItWas === true ? room : newestRoom(options.homeserver, room, options.via ?? [], request);
}

async function enter(options: OpenRoomOptions, rate: RateLearner, request: RequestOptions): Promise<RoomId> {
  const { homeserver } = options;
  const found = isRoomAlias(options.room)
    ? await homeserver.resolveAlias(options.room, request)
    : { room: options.room, via: [] };
  const { room } = found;
  const [own, seen] = await Promise.all([
    readIfAllowed(homeserver, room, 'm.room.member', homeserver.userId, request),
    readIfAllowed(homeserver, room, 'm.room.create', '', request),
  ]);
  // Before joining, where the room lets itself be seen: nobody should find themselves in a room by a wrong address.
  if (seen !== null) refuseOther(room, seen);
  if (stringMember(own, 'membership') === 'join') return room;
  await homeserver.join(room, [...(options.via ?? []), ...found.via], request);
  rate.spend(1, options.timers.now());
  if (seen === null) refuseOther(room, await homeserver.readStateEvent(room, 'm.room.create', '', request));
  return room;
}

async function readIfAllowed(
  homeserver: Homeserver,
  room: RoomId,
  type: string,
  key: string,
  request: RequestOptions,
): Promise<JsonRecord | null> {
  try {
    return await homeserver.readStateEvent(room, type, key, request);
  } catch (error) {
    if (error instanceof HomeserverError && error.code === 'forbidden') return null;
    throw error;
  }
}

function refuseOther(room: RoomId, create: JsonRecord | null): void {
  const type = stringMember(create, 'type');
  if (type === WORLD_ROOM_TYPE) return;
  throw new HomeserverError('not-a-world', {
    what: `open ${room}`,
    got: type === null ? 'it is a room without a type, such as a chat' : `it is a room of type ${type}`,
  });
}
