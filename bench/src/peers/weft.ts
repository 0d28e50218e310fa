import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import {
  actorOfUser,
  newActorId,
  type Patch,
  parseObjectId,
  parsePath,
  parseUserId,
  patchOf,
  type RandomBytes,
  ROLE_LEVELS,
  readValue,
  timeFromMs,
  type UserId,
  type Value,
} from '@weft/core';
import { systemTimers } from '@weft/matrix';
import {
  createRelayLog,
  documentPart,
  motionPart,
  nodeMotion,
  openRelay,
  presencePart,
  type ServedWorlds,
  warmUp,
} from '@weft/relay';
import { readConfig } from '@weft/relay/config';
import { ThreadPlace } from '@weft/store/thread';
import { TwinLaneWorld } from '@weft/testing/lane';
import type { ConnectOptions, PeerClient, SceneRecord, Served, ServeOptions } from './adapter.ts';
import { LaneClient, RELAY, ROOM, relayAt } from './lane-client.ts';

// A whole relay, journal on disk included, and the client of the lane; only Matrix is left out: who may enter is fixed,
// and tickets are asked for over HTTP.

const MAX_CLIENTS = 2048;
/** All of them come from one address. */
const ROOM_FOR_ALL = { room: { maxPeople: MAX_CLIENTS }, limits: { socketsPerAddress: 2 * MAX_CLIENTS } };
/** For where everybody is in view of many: a reader is told all of it, whatever its line may be. */
const NO_BUDGET = { motion: { bytesPerSecond: 10_000_000, byteBurst: 10_000_000 } };
const BUILT_MS = Date.UTC(2026, 0, 1);

const random: RandomBytes = (length) => new Uint8Array(randomBytes(length));

export async function serve({ records, directory, setting, ports }: ServeOptions): Promise<Served> {
  const levels = Array.from({ length: MAX_CLIENTS }, (_, at) => [userOf(at), ROLE_LEVELS.builder] as const);
  const world = new TwinLaneWorld({ actor: newActorId(random), now: systemTimers.now, levels });
  world.canAdopt = false;
  world.settle(patchOfRecords(records));
  const [relayPort, ticketsPort] = ports ?? [0, 0];
  const settings = {
    ...{ ...ROOM_FOR_ALL, ...(setting === 'best' ? NO_BUDGET : {}) },
    ...{ homeserver: { url: 'http://127.0.0.1' }, server: { port: relayPort } },
  };
  const config = readConfig('the workload', settings, {});
  const office = Promise.withResolvers<Parameters<Parameters<typeof openRelay>[0]['follow']>[0]>();
  const log = createRelayLog({
    level: 'error',
    users: 'plain',
    salt: random(16),
    write: (line) => process.stderr.write(line),
  });
  const parts = [documentPart(config.documents), presencePart(), motionPart(nodeMotion, config.motion)];
  // Where people wait for a relay that comes back, the first of them ends its warm-up.
  const { warmUpMs: maxMs } = config.limits;
  if (ports === undefined) await warmUp({ maxMs, parts, timers: systemTimers, random, log });
  const relay = await openRelay({
    ...{ config, log, timers: systemTimers, random, services: null, userId: RELAY },
    secrets: { metricsToken: null },
    place: new ThreadPlace(directory),
    parts,
    follow: async (host) => {
      await host.rooms.open(ROOM, world);
      office.resolve(host);
      return worldsOf(world, host.rooms);
    },
  });
  const host = await office.promise;
  // By its address, as the others are reached: no client looks a name up for the first time.
  const url = relay.url.replace('localhost', '127.0.0.1');
  const tickets = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const answer = body === '' ? { url } : host.issue(JSON.parse(body));
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => tickets.listen(ticketsPort, '127.0.0.1', resolve));
  const address = tickets.address();
  if (address === null || typeof address === 'string') throw new TypeError('expected a port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      tickets.close();
      await relay.close();
    },
  };
}

/** Whoever enters a world has logged in and synced: a request to where tickets are given stands for those to the homeserver. */
export async function prepare({ url }: Pick<ConnectOptions, 'url'>): Promise<void> {
  await relayAt(url);
}

export async function connect({ url, number, moved }: ConnectOptions): Promise<PeerClient> {
  const client = new LaneClient({ user: userOf(number), transport: await relayAt(url), url, moved });
  await client.open();
  return client;
}

function worldsOf(
  world: TwinLaneWorld,
  rooms: {
    of(room: string): ReturnType<ServedWorlds['roomOf']>;
    drain(inMs: number): Promise<void>;
    closeAll(): Promise<void>;
  },
): ServedWorlds {
  return {
    userId: RELAY,
    count: 1,
    mayEnter: (room, user) => room === ROOM && world.access(user) !== null,
    roomOf: (room) => rooms.of(room),
    lastAnswerMs: () => Date.now(),
    drain: (inMs) => rooms.drain(inMs),
    close: () => rooms.closeAll(),
  };
}

/** Always under the same stamps, so that a relay that comes back holds the same. */
function patchOfRecords(records: readonly SceneRecord[]): Patch {
  const builder = userOf(0);
  const stamp = { time: timeFromMs(BUILT_MS), actor: actorOfUser(builder) };
  return patchOf({
    registers: records.flatMap(({ id, values }) =>
      Object.entries(values).map(([path, value]) => ({
        id: parseObjectId(id),
        path: parsePath(path),
        register: { value: readValueOf(value), stamp },
      })),
    ),
    actors: [[stamp.actor, [builder]]],
  });
}

function readValueOf(raw: unknown): Value {
  const value = readValue(raw);
  if (value === undefined) throw new TypeError('a scene holds values');
  return value;
}

export function userOf(number: number): UserId {
  return parseUserId(`@user-${number}:example.org`);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
