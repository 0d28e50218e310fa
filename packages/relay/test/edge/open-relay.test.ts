import { newActorId, ROLE_LEVELS } from '@weft/core';
import { CLOSE_CODES, decodeFrame, encodeFrame } from '@weft/protocol';
import { StoreError } from '@weft/store';
import { FakeTimers, SeededRandom } from '@weft/testing';
import { TwinLaneWorld } from '@weft/testing/lane';
import { TwinDisk } from '@weft/testing/store';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { openRelay, type Relay, type WorldsHost } from '../../src/open-relay.ts';
import { createRelayLog } from '../../src/server/relay-log.ts';
import type { ServedWorlds } from '../../src/server/served-worlds.ts';
import { ClientSocket } from './client-socket.ts';
import { ALICE, helloFor, NONCE, RELAY, ROOM } from './edge-under-test.ts';
import { newSessionKey } from './session-key.ts';

const opened: { relay: Relay; timers: FakeTimers }[] = [];

afterEach(async () => {
  for (const { relay, timers } of opened.splice(0)) await closed(relay, timers);
});

async function closed(relay: Relay, timers: FakeTimers): Promise<void> {
  const closing = relay.close();
  await timers.advance(10_000);
  await closing;
}

interface SetUp {
  readonly place?: TwinDisk;
  readonly follow?: (host: WorldsHost) => Promise<ServedWorlds>;
}

async function open({ place = new TwinDisk(), follow }: SetUp = {}) {
  const timers = new FakeTimers();
  const random = new SeededRandom(9);
  const hosts: WorldsHost[] = [];
  const world = new TwinLaneWorld({
    actor: newActorId((length) => random.bytes(length)),
    now: timers.now,
    levels: [[ALICE, ROLE_LEVELS.builder]],
  });
  const followOne = async (host: WorldsHost): Promise<ServedWorlds> => {
    hosts.push(host);
    await host.rooms.open(ROOM, world);
    return {
      userId: RELAY,
      count: 1,
      mayEnter: (room, user) => room === ROOM && world.access(user) !== null,
      roomOf: (room) => host.rooms.of(room),
      lastAnswerMs: () => timers.now(),
      drain: (inMs) => host.rooms.drain(inMs),
      close: () => Promise.resolve(),
    };
  };
  const relay = await openRelay({
    config: readConfig('the test', { homeserver: { url: 'http://localhost' }, server: { port: 0 } }, {}),
    ...{
      place,
      filesPlace: new TwinDisk(),
      timers,
      parts: [],
      userId: RELAY,
      secrets: { metricsToken: null },
    },
    random: (length) => random.bytes(length),
    log: createRelayLog({ level: 'silent', users: 'hashed', salt: random.bytes(16), write: () => undefined }),
    follow: follow ?? followOne,
  });
  opened.push({ relay, timers });
  const enter = async (): Promise<ClientSocket> => {
    const [host] = hosts;
    const key = newSessionKey();
    const answer = host?.issue({
      ...{ user: ALICE, room: ROOM, nonce: NONCE, memberId: 'member', device: 'DEVICE', key: key.key },
      purpose: 'lane',
    });
    if (answer?.ok !== true) throw new TypeError('no ticket');
    const client = await ClientSocket.open(`${relay.url}/v1/lane`);
    client.send(encodeFrame(helloFor(relay.url, answer.ticket, key)));
    await client.received(1);
    return client;
  };
  const ask = (path: string) => fetch(`http://localhost:${relay.port}${path}`);
  return { relay, timers, place, enter, ask };
}

describe('openRelay', () => {
  test('takes people in to the worlds that are followed, and is ready', async () => {
    const { relay, enter, ask } = await open();
    const client = await enter();
    expect(decodeFrame(client.messages[0] ?? new Uint8Array(0), 'to-client').type).toBe('welcome');
    expect(await (await ask('/readyz')).json()).toMatchObject({ status: 'ok' });
    expect(relay.worlds).toBe(1);
  });

  test('[RE13] is not ready while its journal takes nothing', async () => {
    const { place, ask, timers } = await open();
    place.faults.push('full');
    const answer = await ask('/readyz');
    expect(answer.status).toBe(503);
    expect(Object(await answer.json()).checks.journal.ok).toBe(false);
    await timers.advance(1000);
    expect((await ask('/readyz')).status).toBe(200);
  });

  test('one directory has one relay', async () => {
    const { place } = await open();
    await expect(open({ place })).rejects.toThrow(StoreError);
  });

  test('what cannot follow its worlds leaves nothing running', async () => {
    const place = new TwinDisk();
    const failing = open({ place, follow: () => Promise.reject(new Error('the homeserver is away')) });
    await expect(failing).rejects.toThrow('the homeserver is away');
    await open({ place });
  });

  test('[RE12] draining tells everybody, waits, and ends', async () => {
    const { relay, timers, enter, ask } = await open();
    const client = await enter();
    const draining = relay.drain();
    const heard = () => client.messages.map((message) => decodeFrame(message, 'to-client').type);
    await vi.waitFor(() => expect(heard()).toContain('draining'));
    expect((await ask('/readyz')).status).toBe(503);
    await timers.advance(10_000);
    expect(await client.closed).toMatchObject({ code: CLOSE_CODES.draining });
    await timers.advance(10_000);
    await draining;
    await expect(ask('/healthz')).rejects.toThrow();
  });
});
