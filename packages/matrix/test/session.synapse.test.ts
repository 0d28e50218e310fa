import { setTimeout as delay } from 'node:timers/promises';
import { newActorId, parseObjectId, parsePath, Replica, type UserId } from '@weft/core';
import {
  connectHomeserver,
  createWorldRoom,
  type Homeserver,
  openRoom,
  type RoomId,
  type RoomSession,
  systemTimers,
} from '@weft/matrix';
import { until } from '@weft/testing';
import { type Account, startTestStack, synapse, type TestStack } from '@weft/testing/synapse';
import { type MatrixClient, SyncState } from 'matrix-js-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syncingClient } from './syncing-client.ts';
import { editOf } from './twin-world.ts';

const STACK_TIMEOUT_MS = 180_000;

interface Client {
  readonly homeserver: Homeserver;
  readonly replica: Replica;
  readonly session: RoomSession;
  edit(id: string, properties: Readonly<Record<string, unknown>>): void;
  shown(id: string, path: string): unknown;
}

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));

async function open(homeserver: Homeserver, room: RoomId): Promise<Client> {
  const replica = new Replica({
    actor: newActorId(random),
    now: () => Date.now() + homeserver.serverOffsetMs(),
  });
  const session = await openRoom({ homeserver, room, replica, timers: systemTimers, random });
  return {
    homeserver,
    replica,
    session,
    edit: (id, properties) => void session.write(editOf(replica, id, properties), 'local'),
    shown: (id, path) => replica.scene.get(parseObjectId(id))?.get(parsePath(path)),
  };
}

function connect({ homeserver, token }: Account): Promise<Homeserver> {
  return connectHomeserver({ url: homeserver, token });
}

/** Waits for what the room tells; the time only bounds a failure. */
async function worldOf(owner: Homeserver, others: readonly UserId[], level = 25): Promise<RoomId> {
  const levels = Object.fromEntries(others.map((user) => [user, level]));
  return createWorldRoom(owner, { title: 'Session', access: 'private', invite: others, levels });
}

describe('a session on Synapse', () => {
  let owner: Client;
  let builder: Client;
  let accounts: readonly Account[];
  let attached: MatrixClient;

  beforeAll(async () => {
    const shared = await synapse();
    accounts = await Promise.all(['owner', 'builder', 'late'].map((name) => shared.account(name)));
    const [first, second, third] = await Promise.all(accounts.map(connect));
    if (first === undefined || second === undefined || third === undefined) throw new Error('no accounts');
    const room = await worldOf(first, [second.userId, third.userId]);
    owner = await open(first, room);
    const [, account] = accounts;
    if (account === undefined) throw new Error('no account');
    attached = await syncingClient(account);
    builder = await open(await connectHomeserver({ client: attached }), room);
  });

  afterAll(() => {
    for (const { session } of [owner, builder]) session.close();
    attached.stopClient();
  });

  it("[S1] shows an edit to a client of the caller's, and the other way round", async () => {
    owner.edit('table', { 'node.name': 'Table', 'transform.position': [0.5, 1, -2.25] });
    await until(() => builder.shown('table', 'node.name') === 'Table');
    builder.edit('table', { 'node.name': 'Oak' });
    await until(() => owner.shown('table', 'node.name') === 'Oak');
    await until(() => owner.session.unsaved + builder.session.unsaved === 0);
  });

  it('[S2] keeps both of many edits made at once to one object, for those who come later too', async () => {
    for (let round = 0; round < 8; round += 1) {
      owner.edit('chair', { 'node.name': `Chair ${round}` });
      builder.edit('chair', { 'transform.position': [round, 0, 0] });
      await delay(round * 37);
    }
    await until(() => owner.session.unsaved + builder.session.unsaved === 0);
    await until(() => builder.shown('chair', 'node.name') === 'Chair 7');
    await until(() => JSON.stringify(owner.shown('chair', 'transform.position')) === '[7,0,0]');
    const content = () => owner.homeserver.readStateEvent(owner.session.room, 'world.weft.object', 'chair');
    for (let tries = 0; tries < 100; tries += 1) {
      const found = JSON.stringify(await content());
      if (found.includes('Chair 7') && found.includes('[7,0,0]')) break;
      await delay(100);
    }
    expect(await content()).toMatchObject({ node: { name: 'Chair 7' }, transform: { position: [7, 0, 0] } });
  });

  it('[S3] purges for both what is redacted, and reads what was written by hand', async () => {
    owner.edit('spam', { 'node.name': 'Spam' });
    await until(() => builder.shown('spam', 'node.name') === 'Spam');
    const { events } = await owner.homeserver.readState(owner.session.room);
    const event = events.find(({ stateKey }) => stateKey === 'spam');
    if (event === undefined) throw new Error('no event');
    await owner.homeserver.redact(owner.session.room, event.id, 'spam');
    await until(() => [owner, builder].every((client) => client.shown('spam', 'node.name') === undefined));
    const content = { node: { name: 'By hand' }, transform: { position: '~[0.25,0,0]' } };
    const state = { type: 'world.weft.object', stateKey: 'hand', content };
    await owner.homeserver.sendState(owner.session.room, state);
    await until(() => builder.shown('hand', 'node.name') === 'By hand');
    expect(builder.shown('hand', 'transform.position')).toEqual([0.25, 0, 0]);
  });

  it('[S4] leaves the client of the caller running, and starts with what is there', async () => {
    const [, , late] = accounts;
    if (late === undefined) throw new Error('no account');
    const client = await open(await connect(late), owner.session.room);
    expect(client.shown('table', 'node.name')).toBe('Oak');
    expect(client.session.standing.members.map(({ membership }) => membership)).toEqual([
      'join',
      'join',
      'join',
    ]);
    client.session.close();
    const again = await open(builder.homeserver, builder.session.room);
    again.session.close();
    builder.homeserver.stop();
    expect(attached.getSyncState()).toBe(SyncState.Syncing);
  });
});

describe('a session on a Synapse of its own', { timeout: STACK_TIMEOUT_MS }, () => {
  let own: TestStack;

  beforeAll(async () => {
    own = await startTestStack({ rateLimits: 'stock' });
  }, STACK_TIMEOUT_MS);

  afterAll(() => own.stop(), STACK_TIMEOUT_MS);

  it('[M1] takes what a stock limit gives at once, then one in five seconds, and loses nothing', async () => {
    const owner = await connect(await own.stack.account('owner'));
    const client = await open(owner, await worldOf(owner, []));
    const objects = 13;
    const startMs = Date.now();
    // One after the other, or they would go into one event.
    for (let at = 0; at < objects; at += 1) {
      client.edit(`object-${at}`, { 'node.name': `Object ${at}` });
      expect(await client.session.flush()).toEqual({ unsaved: 0 });
    }
    const seconds = (Date.now() - startMs) / 1000;
    const { events } = await owner.readState(client.session.room);
    expect(events.filter(({ type }) => type === 'world.weft.object')).toHaveLength(objects);
    // Ten at once; the others wait for one token each, and no wait is longer than what was asked for.
    expect(seconds).toBeGreaterThan((objects - 10 - 1) * 5);
    expect(seconds).toBeLessThan((objects - 10) * 5 + 10);
    client.session.close();
  });

  it('[M1] brings 500 objects into the room within ten seconds, in one event', async () => {
    const owner = await connect(await own.stack.account('many'));
    const client = await open(owner, await worldOf(owner, []));
    const startMs = Date.now();
    for (let at = 0; at < 500; at += 1) client.edit(`object-${at}`, { 'node.name': `Object ${at}` });
    expect(await client.session.flush()).toEqual({ unsaved: 0 });
    expect(Date.now() - startMs).toBeLessThan(10_000);
    const { events } = await owner.readState(client.session.room);
    expect(events.filter(({ type }) => type === 'world.weft.bundle')).toHaveLength(1);
    client.session.close();
  });

  it('[M7] comes back after the homeserver was restarted, with what was edited meanwhile', async () => {
    const owner = await connect(await own.stack.account('second'));
    const client = await open(owner, await worldOf(owner, []));
    const states: string[] = [];
    client.session.on('connection', (state) => states.push(state));
    client.edit('before', { 'node.name': 'Before' });
    await client.session.flush();
    const restarting = own.stack.restart();
    await until(() => states.includes('offline'));
    client.edit('meanwhile', { 'node.name': 'Meanwhile' });
    await restarting;
    const restartedMs = Date.now();
    await until(() => client.session.unsaved === 0);
    expect(Date.now() - restartedMs).toBeLessThan(10_000);
    expect(states.at(-1)).toBe('online');
    const { events } = await owner.readState(client.session.room);
    const keys = events.filter(({ type }) => type === 'world.weft.object').map(({ stateKey }) => stateKey);
    expect(keys.sort()).toEqual(['before', 'meanwhile']);
    client.session.close();
  });
});
