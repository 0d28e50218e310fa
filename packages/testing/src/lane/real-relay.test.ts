import {
  Cell,
  newActorId,
  parseObjectId,
  parsePath,
  parseUserId,
  ROLE_LEVELS,
  type UserId,
} from '@weft/core';
import { createSessionKey } from '@weft/live';
import { openSystemSocket } from '@weft/live/system';
import { systemTimers } from '@weft/matrix';
import { type RelayTransport, relayTransport, TicketRefused } from '@weft/protocol';
import { createRelayLog, openRelay, type Relay, type WorldsHost } from '@weft/relay';
import { readConfig } from '@weft/relay/config';
import { afterEach, expect, test, vi } from 'vitest';
import { SeededRandom } from '../random/seeded-random.ts';
import { TwinDisk } from '../store/twin-disk.ts';
import { SimLaneClient } from './sim-lane-client.ts';
import { TwinLaneWorld } from './twin-lane-world.ts';

const ROOM = '!world:example.org';
const RELAY = parseUserId('@relay:example.org');
const USERS = ['@ann:example.org', '@bob:example.org'].map(parseUserId);
const CHAIR = parseObjectId('chair');
const NAME = parsePath('node.name');
/** As much as two shared cores need at worst. */
const PATIENCE = { timeout: 15_000, interval: 10 };

const open: { close(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

/** The product's relay on a real port, with one world. */
async function startRelay(place: TwinDisk, port: number, random: SeededRandom) {
  const hosts: WorldsHost[] = [];
  const world = new TwinLaneWorld({
    actor: newActorId(random.bytes),
    now: systemTimers.now,
    levels: USERS.map((user) => [user, ROLE_LEVELS.builder]),
  });
  const relay: Relay = await openRelay({
    config: readConfig('the test', { homeserver: { url: 'http://localhost' }, server: { port } }, {}),
    ...{ place, timers: systemTimers, parts: [], services: null, userId: RELAY, random: random.bytes },
    secrets: { metricsToken: null },
    log: createRelayLog({ level: 'silent', users: 'hashed', salt: random.bytes(16), write: () => undefined }),
    follow: async (host) => {
      hosts.push(host);
      await host.rooms.open(ROOM, world);
      return {
        ...{ userId: RELAY, count: 1, lastAnswerMs: systemTimers.now, close: async () => undefined },
        mayEnter: (room, user) => room === ROOM && world.access(user) !== null,
        roomOf: (room) => host.rooms.of(room),
        drain: (inMs) => host.rooms.drain(inMs),
      };
    },
  });
  const grant: Parameters<typeof clientOf>[1]['grant'] = (user, device, request) => {
    const answer = hosts[0]?.issue({ user, device, room: ROOM, purpose: 'lane', ...request });
    if (answer?.ok === true) return answer;
    throw new TicketRefused(answer?.code ?? 'busy', answer?.reason ?? '');
  };
  return { relay, grant };
}

async function clientOf(
  user: UserId,
  relay: ConstructorParameters<typeof SimLaneClient>[0]['relays'] extends ReadonlyMap<string, infer Source>
    ? Source
    : never,
  transport: RelayTransport,
): Promise<SimLaneClient> {
  const random = new SeededRandom(user);
  const client = new SimLaneClient({
    ...{ name: user, user, room: ROOM, timers: systemTimers, random },
    actor: newActorId(random.bytes),
    key: await createSessionKey({ subtle: crypto.subtle, random: random.bytes }),
    network: { connect: (_client, url, listener) => openSystemSocket(url, listener) },
    relays: new Map([[transport.url, relay]]),
    candidates: new Cell<readonly RelayTransport[]>([transport]),
    published: new Cell<readonly RelayTransport[]>([]),
    sendsTo: () => true,
    announced: () => undefined,
  });
  open.push(client.channel);
  return client;
}

test('[LV11] the platform’s WebSocket reaches a relay on a real port, sends, hears, and comes back after a restart', async () => {
  const place = new TwinDisk();
  const random = new SeededRandom('real');
  let current = await startRelay(place, 0, random);
  open.push({ close: () => current.relay.close() });
  const { url, port } = current.relay;
  const source = {
    isRunning: true,
    grant: (...asked: Parameters<typeof current.grant>) => current.grant(...asked),
  };
  const transport = relayTransport(url, RELAY);
  const [ann, bob] = await Promise.all(USERS.map((user) => clientOf(user, source, transport)));
  if (ann === undefined || bob === undefined) throw new Error('nobody');
  const areLive = () => expect([ann.relay, bob.relay]).toEqual([url, url]);
  await vi.waitFor(areLive, PATIENCE);
  ann.set(CHAIR, NAME, 'Chair');
  await vi.waitFor(() => expect(bob.replica.scene.get(CHAIR)?.node?.name).toBe('Chair'), PATIENCE);
  await vi.waitFor(() => expect(ann.replica.stage(CHAIR)).toBe('held'), PATIENCE);
  expect(ann.channel.status.value.sentence).toMatch(/^Live on localhost/);

  source.isRunning = false;
  await current.relay.close();
  await vi.waitFor(() => expect([ann.relay, bob.relay]).toEqual([null, null]), PATIENCE);
  bob.set(CHAIR, NAME, 'Stool');
  current = await startRelay(place, port, random);
  source.isRunning = true;
  await vi.waitFor(areLive, PATIENCE);
  await vi.waitFor(() => expect(ann.replica.scene.get(CHAIR)?.node?.name).toBe('Stool'), PATIENCE);
  expect(ann.shown()).toBe(bob.shown());
});
