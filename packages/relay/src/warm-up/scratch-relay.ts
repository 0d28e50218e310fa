import { newActorId, parseUserId, type RandomBytes, type Timers, toBase64Url } from '@weft/core';
import { MAX_FRAME_BYTES } from '@weft/protocol';
import { MemoryPlace } from '@weft/store/memory';
import type { MakeLanePart } from '../lane/lane-part.ts';
import { ROOM_LIMITS } from '../lane/room-limits.ts';
import { ClientAddresses } from '../server/client-address.ts';
import { LANE_PATH } from '../server/http-routes.ts';
import { LaneRooms } from '../server/lane-rooms.ts';
import { listen } from '../server/listener.ts';
import { Origins } from '../server/origins.ts';
import { createRelayLog } from '../server/relay-log.ts';
import { type Observed, RelayMetrics } from '../server/relay-metrics.ts';
import { RelayServer, type ServerLimits } from '../server/relay-server.ts';
import { ScratchWorld } from './scratch-world.ts';

export const SCRATCH_ROOM = '!warm-up';
const HOST = '127.0.0.1';
const PATH_BYTES = 16;
const MANY_FRAMES = 1_000_000;
/** Less than is used, so that what is left is a fraction, as it is with people. */
const FRAMES_PER_SECOND = 200;
const SOCKETS = 64;
const SLOW_MS = { headersMs: 3000, requestMs: 10_000 };
const LIMITS: ServerLimits = {
  ...{ sockets: SOCKETS, socketsPerAddress: SOCKETS, unheardSockets: SOCKETS },
  ...{ helloMs: 5000, pingMs: 10_000, silenceMs: 25_000 },
  ...{
    framesPerSecond: FRAMES_PER_SECOND,
    frameBurst: MANY_FRAMES,
    bytesPerSecond: MAX_FRAME_BYTES,
    byteBurst: 64 * MAX_FRAME_BYTES,
  },
};
const NOTHING: Observed = {
  ...{ greeting: 0, open: 0, addresses: 0, queuedBytes: 0, mostQueuedBytes: 0, tickets: 0, sessions: 0 },
  ...{ worlds: 0, journalWaitingBytes: 0, journalKeptBytes: 0, homeserverAgeMs: null },
};
const SILENT = createRelayLog({
  ...{ level: 'silent', users: 'hashed', salt: new Uint8Array(), write: () => undefined },
});

export interface ScratchRelayOptions {
  /** What lives in the rooms of the relay that is warmed up. */
  readonly parts: readonly MakeLanePart[];
  readonly timers: Timers;
  readonly random: RandomBytes;
}

/**
 * Sockets and a room as a relay has them, at a path that nobody can guess, with a world in memory. They are made by the very
 * functions that make the others: what is put together in another way has other shapes, and code that was compiled for those is
 * thrown away with the first edit of a person.
 */
export class ScratchRelay {
  /** Where whoever knows it comes in, as whom their ticket says. */
  readonly url: string;
  readonly world: ScratchWorld;
  readonly #server: RelayServer;
  readonly #rooms: LaneRooms;

  private constructor(url: string, world: ScratchWorld, server: RelayServer, rooms: LaneRooms) {
    this.url = url;
    this.world = world;
    this.#server = server;
    this.#rooms = rooms;
  }

  static async open({ parts, timers, random }: ScratchRelayOptions): Promise<ScratchRelay> {
    const { now } = timers;
    const path = `/${toBase64Url(random(PATH_BYTES))}`;
    const metrics = new RelayMetrics(() => NOTHING);
    const rooms = new LaneRooms({
      ...{ place: new MemoryPlace(), timers, random, log: SILENT, parts, limits: ROOM_LIMITS },
      committed: (ms) => metrics.committed(ms),
    });
    const world = new ScratchWorld({ actor: newActorId(random), now, random });
    await rooms.open(SCRATCH_ROOM, world);
    const { http, port } = await listen(HOST, 0, SLOW_MS).catch(async (error: unknown) => {
      await rooms.closeAll();
      throw error;
    });
    const server = new RelayServer({
      ...{ http, limits: LIMITS, origins: new Origins(['*']) },
      routes: {
        pathOf: (target) => (target === path ? LANE_PATH : null),
        answer: async (_request, response) => void response.writeHead(404).end(),
      },
      ...{ timers, log: SILENT, metrics },
      addresses: new ClientAddresses([]),
      connection: {
        redeem: (hello) => ({
          ok: true,
          admitted: { user: parseUserId(hello.ticket), device: '', memberId: '', hello },
        }),
        join: (admitted, socket) => rooms.of(admitted.hello.room)?.join(admitted, socket) ?? null,
      },
    });
    return new ScratchRelay(`ws://${HOST}:${port}${path}`, world, server, rooms);
  }

  async close(): Promise<void> {
    await this.#rooms.closeAll();
    await this.#server.close();
  }
}
