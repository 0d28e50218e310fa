import type { RandomBytes, Timers, UserId } from '@weft/core';
import type { StorePlace } from '@weft/store';
import type { TicketAnswer, TicketRequest } from './admission/ticket-office.ts';
import type { RelayConfig, RelaySecrets } from './config/relay-config.ts';
import { fileRoutes } from './files/file-routes.ts';
import { FileShelf } from './files/file-shelf.ts';
import type { MakeLanePart } from './lane/lane-part.ts';
import { JournalCheck } from './server/journal-check.ts';
import { LaneRooms } from './server/lane-rooms.ts';
import { RelayEdge } from './server/relay-edge.ts';
import type { RelayLog } from './server/relay-log.ts';
import { roomLimitsOf } from './server/room-limits-of.ts';
import type { ServedWorlds } from './server/served-worlds.ts';
import type { ServiceHandler } from './server/service-handler.ts';
import type { FindWorld } from './service/served-world.ts';
import { services } from './service/services.ts';

const FILES_STORE = 'files';

/** What a relay lends to the side of it that follows worlds over Matrix. */
export interface WorldsHost {
  readonly config: RelayConfig['worlds'];
  readonly log: RelayLog;
  readonly timers: Timers;
  readonly random: RandomBytes;
  /** Where the live room of a world is opened once the world is followed, and closed when it is no more. */
  readonly rooms: LaneRooms;
  /** What clients are to sign as this relay's address, and what rooms say of it. */
  readonly url: string;
  /** Answers a request for a ticket; whether its user may enter is asked of `ServedWorlds.mayEnter`. */
  issue(request: TicketRequest): TicketAnswer;
  /** Voids what was given to a user for a world: to be called when they are in it no more. */
  revoke(user: UserId, room: string): void;
}

export interface OpenRelayOptions {
  readonly config: RelayConfig;
  readonly secrets: Pick<RelaySecrets, 'metricsToken'>;
  /** The account by which the relay is known. */
  readonly userId: UserId;
  /** Where journals are kept: no other relay's. */
  readonly place: StorePlace;
  /** Where published files are kept; another one than that of the journals, which must not wait for them. Default: none are. */
  readonly filesPlace?: StorePlace;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly log: RelayLog;
  /** What lives in rooms beside their graph. */
  readonly parts: readonly MakeLanePart[];
  /** Begins to follow worlds. */
  readonly follow: (host: WorldsHost) => Promise<ServedWorlds>;
}

/** A relay that runs. */
export interface Relay {
  /** What clients sign as its address. */
  readonly url: string;
  /** On which it listens. */
  readonly port: number;
  readonly userId: UserId;
  /** Worlds that it serves now. */
  readonly worlds: number;
  /** Whether it runs and nobody is on a socket of it. */
  readonly isIdle: boolean;
  /** Sends everybody away politely, within the time that the configuration gives, then closes. */
  drain(): Promise<void>;
  /** Closes every socket, commits what it holds and stops. May be called again. */
  close(): Promise<void>;
}

/**
 * Puts the sides of a relay together: the outer one, the live rooms, and what follows worlds.
 *
 * @throws StoreError `busy` where another relay has the directory; the error of `listen`; what `follow` throws. Nothing
 * runs on then.
 */
export async function openRelay(options: OpenRelayOptions): Promise<Relay> {
  const { config, place, timers, random, log, parts, userId } = options;
  const journal = await JournalCheck.open(place, random);
  let shelf: FileShelf | null = null;
  let edge: RelayEdge | null = null;
  let worlds: ServedWorlds | null = null;
  const rooms = new LaneRooms({
    ...{ place, timers, random, log, parts, limits: roomLimitsOf(config) },
    committed: (ms) => edge?.metrics.committed(ms),
  });
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closing ??= closeAll([edge, { close: () => rooms.closeAll() }, worlds, shelf, journal]);
    return closing;
  };
  try {
    shelf = await openShelf(options);
    const find: FindWorld = (room) => rooms.served(room);
    const { requestBytes } = config.limits;
    edge = await RelayEdge.open({
      ...options,
      shelf,
      checks: [journal],
      journals: () => rooms.journals(),
      services: firstOf([
        services({ find, limits: { ...config.services, requestBytes }, timers, random }),
        ...(shelf === null
          ? []
          : [fileRoutes({ find, shelf, limits: { ...config.files, requestBytes }, now: timers.now })]),
      ]),
    });
    worlds = await options.follow(hostOf(options, edge, rooms));
    edge.serve(worlds);
    log.info({ url: edge.url, user: userId, worlds: worlds.count }, 'the relay takes people in');
    return relayOf(userId, edge, worlds, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** `null` where this relay keeps no files. @throws StoreError */
async function openShelf({ config, filesPlace, timers }: OpenRelayOptions): Promise<FileShelf | null> {
  const { files: limits } = config;
  if (filesPlace === undefined || limits.maxBytes === 0) return null;
  return FileShelf.open({ store: await filesPlace.open(FILES_STORE), limits, now: timers.now });
}

/** Each is asked until one has such a route. */
function firstOf(handlers: readonly ServiceHandler[]): ServiceHandler {
  return async (call) => {
    for (const handler of handlers) if (await handler(call)) return true;
    return false;
  };
}

interface Closable {
  close(): Promise<void>;
}

/** From the outside inwards: nobody comes in any more, what they said is committed, then what it rests on ends. */
async function closeAll(parts: readonly (Closable | null)[]): Promise<void> {
  for (const part of parts) await part?.close();
}

function hostOf(
  { config, log, timers, random }: OpenRelayOptions,
  edge: RelayEdge,
  rooms: LaneRooms,
): WorldsHost {
  return {
    ...{ config: config.worlds, log, timers, random, rooms, url: edge.url },
    issue: (request) => edge.issue(request),
    revoke: (user, room) => edge.revoke(user, room),
  };
}

function relayOf(userId: UserId, edge: RelayEdge, worlds: ServedWorlds, close: () => Promise<void>): Relay {
  return {
    ...{ url: edge.url, port: edge.port, userId, close },
    get worlds() {
      return worlds.count;
    },
    get isIdle() {
      return edge.isIdle;
    },
    async drain() {
      await edge.drain();
      await close();
    },
  };
}
