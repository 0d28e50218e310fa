import type { RandomBytes, Timers, UserId } from '@weft/core';
import type { StorePlace } from '@weft/store';
import type { TicketAnswer, TicketRequest } from './admission/ticket-office.ts';
import type { RelayConfig, RelaySecrets } from './config/relay-config.ts';
import type { MakeLanePart } from './lane/lane-part.ts';
import { JournalCheck } from './server/journal-check.ts';
import { LaneRooms } from './server/lane-rooms.ts';
import { RelayEdge } from './server/relay-edge.ts';
import type { RelayLog } from './server/relay-log.ts';
import { roomLimitsOf } from './server/room-limits-of.ts';
import type { ServedWorlds } from './server/served-worlds.ts';
import { services } from './service/services.ts';

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
  let edge: RelayEdge | null = null;
  let worlds: ServedWorlds | null = null;
  const rooms = new LaneRooms({
    ...{ place, timers, random, log, parts, limits: roomLimitsOf(config) },
    committed: (ms) => edge?.metrics.committed(ms),
  });
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closing ??= closeAll([edge, { close: () => rooms.closeAll() }, worlds, journal]);
    return closing;
  };
  try {
    edge = await RelayEdge.open({
      ...options,
      checks: [journal],
      journals: () => rooms.journals(),
      services: services({
        find: (room) => rooms.served(room),
        limits: { ...config.services, requestBytes: config.limits.requestBytes },
        ...{ timers, random },
      }),
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
    async drain() {
      await edge.drain();
      await close();
    },
  };
}
