import { once } from 'node:events';
import { newActorId, parseUserId, type RandomBytes, ROOT, type Timers, toBase64Url } from '@weft/core';
import { MAX_FRAME_BYTES } from '@weft/protocol';
import { MemoryPlace } from '@weft/store/memory';
import { WebSocketServer } from 'ws';
import { StoreJournal } from '../journal/store-journal.ts';
import type { LaneRoom } from '../lane/lane-room.ts';
import { openLaneRoom } from '../lane/live-room.ts';
import { Framer } from '../server/framer.ts';
import { type ConnectionLimits, LaneConnection } from '../server/lane-connection.ts';
import { createRelayLog, type RelayLog } from '../server/relay-log.ts';
import { type Observed, RelayMetrics } from '../server/relay-metrics.ts';
import { Turns } from '../server/turns.ts';
import { ScratchClient } from './scratch-client.ts';
import { ScratchWorld } from './scratch-world.ts';

/** By then what an edit runs through is compiled. */
export const MAX_WARM_UP_EDITS = 3000;

const ROOM = '!warm-up';
const HOST = '127.0.0.1';
const PATH_BYTES = 16;
const LIMITS: ConnectionLimits = {
  ...{ helloMs: 5000, pingMs: 10_000, silenceMs: 25_000 },
  ...{ framesPerSecond: MAX_WARM_UP_EDITS, frameBurst: MAX_WARM_UP_EDITS },
  ...{ bytesPerSecond: MAX_FRAME_BYTES, byteBurst: MAX_FRAME_BYTES },
};
const NOTHING: Observed = {
  ...{ greeting: 0, open: 0, addresses: 0, queuedBytes: 0, mostQueuedBytes: 0, tickets: 0, sessions: 0 },
  ...{ worlds: 0, journalWaitingBytes: 0, journalKeptBytes: 0, homeserverAgeMs: null },
};
const SILENT = createRelayLog({
  ...{ level: 'silent', users: 'hashed', salt: new Uint8Array(), write: () => undefined },
});
const USERS = ['@one:warm-up', '@two:warm-up'].map(parseUserId);

export interface WarmUpOptions {
  /** How long it may take, in milliseconds; 0 for not at all. */
  readonly maxMs: number;
  /** How many edits it makes at most. Default: 3,000. */
  readonly maxEdits?: number;
  /** Asked before each edit: it ends as soon as this is false. Default: always needed. */
  readonly isNeeded?: () => boolean;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly log: RelayLog;
}

/**
 * Has two clients move things in a world in memory, over sockets of this machine at a path that nobody can guess, so that what
 * an edit runs through is compiled before anybody makes one. Nothing of it is left afterwards.
 *
 * @returns how many edits were made
 */
export async function warmUp(options: WarmUpOptions): Promise<number> {
  const { maxMs, maxEdits = MAX_WARM_UP_EDITS, isNeeded = () => true, timers, random, log } = options;
  if (maxMs === 0 || !isNeeded()) return 0;
  const now = timers.now;
  const world = new ScratchWorld({ actor: newActorId(random), now, random });
  const journal = new StoreJournal(await new MemoryPlace().open(ROOM));
  const room = await openLaneRoom({ world, journal, timers, random, log: SILENT });
  const path = `/${toBase64Url(random(PATH_BYTES))}`;
  const server = serve(room, path, timers);
  const clients: ScratchClient[] = [];
  const late = Promise.withResolvers<void>();
  const stop = timers.after(maxMs, () => late.resolve());
  let edits = 0;
  const work = async (): Promise<void> => {
    const url = `ws://${HOST}:${await portOf(server)}${path}`;
    const [one, two] = USERS.map((user) => new ScratchClient(url, user, { now, random }));
    if (one === undefined || two === undefined) return;
    clients.push(one, two);
    await Promise.all(clients.map((client) => client.enter(ROOM)));
    for (; edits < maxEdits && isNeeded(); edits += 1) {
      const [writer, reader] = edits % 2 === 0 ? [one, two] : [two, one];
      const told = reader.told();
      writer.move(world.ids[edits % world.ids.length] ?? ROOT, edits / 4);
      await told;
    }
  };
  try {
    await Promise.race([work(), late.promise]);
    log.debug({ edits }, 'warmed up');
  } catch (error) {
    log.warn({ err: error }, 'could not warm up: the first edits take longer');
  } finally {
    stop();
    for (const client of clients) client.leave();
    for (const socket of server.clients) socket.terminate();
    server.close();
    await room.close();
  }
  return edits;
}

/** Whoever comes to this path is let in. */
function serve(room: LaneRoom, path: string, timers: Timers): WebSocketServer {
  const server = new WebSocketServer({
    ...{ host: HOST, port: 0, path, perMessageDeflate: false, maxPayload: MAX_FRAME_BYTES },
  });
  const shared = {
    ...{ timers, limits: LIMITS, log: SILENT, turns: new Turns(), framer: new Framer() },
    metrics: new RelayMetrics(() => NOTHING),
  };
  server.on('connection', (socket, request) => {
    const user = USERS[server.clients.size - 1];
    if (user === undefined) return socket.terminate();
    new LaneConnection(socket, request.socket, {
      ...shared,
      redeem: (hello) => ({ ok: true, admitted: { user, device: '', memberId: '', hello } }),
      join: (admitted, lane) => room.join(admitted, lane),
    });
  });
  return server;
}

async function portOf(server: WebSocketServer): Promise<number> {
  if (server.address() === null) await once(server, 'listening');
  const address = server.address();
  return address === null || typeof address === 'string' ? 0 : address.port;
}
