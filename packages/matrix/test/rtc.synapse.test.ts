import { fraction, newActorId, Replica, toBase64Url } from '@weft/core';
import {
  connectHomeserver,
  createWorldRoom,
  type Homeserver,
  openRoom,
  type RoomId,
  type RoomSession,
  RtcSignalling,
  systemTimers,
} from '@weft/matrix';
import {
  type RelayTransport,
  readTicketRequest,
  relayTransport,
  TICKET_EVENT,
  TICKET_REQUEST_EVENT,
  ticketContent,
} from '@weft/protocol';
import { until } from '@weft/testing';
import { type Account, startTestStack, synapse } from '@weft/testing/synapse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const NEVER = new AbortController().signal;
const KEY = toBase64Url(new Uint8Array(32).fill(7));
const STATE_TYPE = 'org.matrix.msc3401.call.member';

interface Server {
  account(name: string): Promise<Account>;
  stop(): Promise<void>;
}

interface Client {
  readonly homeserver: Homeserver;
  readonly session: RoomSession;
  readonly signalling: RtcSignalling;
}

/** A homeserver with the drafts that live sessions use where they are there, and one as it comes. */
const SERVERS: readonly (readonly [string, boolean, () => Promise<Server>])[] = [
  [
    'with the drafts',
    true,
    async () => {
      const shared = await synapse();
      return { account: (name) => shared.account(name), stop: async () => undefined };
    },
  ],
  [
    'as it comes',
    false,
    async () => {
      const { stack, stop } = await startTestStack({ rtcDrafts: false, stateAfter: false, logName: 'stock' });
      return { account: (name) => stack.account(name), stop };
    },
  ],
];

describe.each(SERVERS)('signalling over a real Synapse %s', (_name, hasDrafts, start) => {
  let server: Server;
  let owner: Homeserver;
  let relay: Homeserver;
  let room: RoomId;
  let transport: RelayTransport;
  const clients: Client[] = [];
  /** Whoever comes again does so with the same token. */
  const accounts = new Map<string, Account>();
  const tokens = new Map<string, string>();

  beforeAll(async () => {
    server = await start();
    [owner, relay] = await Promise.all([connect('owner'), connect('courier')]);
    transport = relayTransport('ws://127.0.0.1:1', relay.userId);
    room = await createWorldRoom(owner, { title: 'Lane', access: 'public', relays: [transport] });
    await relay.join(room, []);
    await relay.enterLobby({ invited: () => undefined, connection: () => undefined });
    relay.onToDevice(({ type, sender, content }) => {
      const request = type === TICKET_REQUEST_EVENT ? readTicketRequest(content) : null;
      if (request === null) return;
      const { nonce, device } = request;
      const granted = ticketContent({ nonce, ticket: `for ${sender}`, expiresMs: 1000, url: transport.url });
      void relay.sendToDevice(TICKET_EVENT, [{ user: sender, device, content: granted }]);
    });
  });

  afterAll(async () => {
    for (const { session, signalling, homeserver } of clients) {
      signalling.stop();
      session.close();
      homeserver.stop();
    }
    for (const homeserver of [owner, relay]) homeserver.stop();
    await server.stop();
  });

  async function connect(name: string): Promise<Homeserver> {
    const account = accounts.get(name) ?? (await server.account(name));
    accounts.set(name, account);
    const { homeserver: url, token, userId } = account;
    tokens.set(userId, token);
    return connectHomeserver({ url, token });
  }

  async function enter(name: string): Promise<Client> {
    const homeserver = await connect(name);
    const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
    const timers = systemTimers;
    const replica = new Replica({ actor: newActorId(random), now: timers.now });
    const session = await openRoom({ homeserver, room, replica, timers, random });
    const signalling = new RtcSignalling({
      ...{ homeserver, session, timers },
      fraction: () => fraction(random),
      failed: (error) => {
        throw error;
      },
    });
    const client = { homeserver, session, signalling };
    clients.push(client);
    return client;
  }

  it('[RT1] finds the relay that the world names, and what the homeserver offers counts for those in the room only', async () => {
    const { signalling, homeserver } = await enter('finder');
    expect(await homeserver.rtc.features()).toEqual({ sticky: hasDrafts, delayed: hasDrafts });
    const offered = hasDrafts ? homeserver.rtc.transports() : homeserver.rtc.wellKnownTransports();
    expect(await offered).toMatchObject([{ type: 'world.weft.relay' }]);
    expect(await signalling.candidates(NEVER)).toEqual([transport]);
  });

  it('[RT2] asks it for a ticket, from device to device', async () => {
    const { signalling, homeserver } = await enter('asker');
    const nonce = toBase64Url(crypto.getRandomValues(new Uint8Array(16)));
    const ticket = await signalling.requestTicket(transport, { memberId: 'm', nonce, key: KEY }, NEVER);
    expect(ticket).toMatchObject({ ticket: `for ${homeserver.userId}`, url: transport.url });
  });

  it('[RT3] [RT4] [RT5] says who is on it, to those who are there and those who come later, until they leave', async () => {
    const [speaker, listener] = [await enter('speaker'), await enter('listener')];
    const { userId } = speaker.homeserver;
    await speaker.signalling.announce({ memberId: 'speaker', key: KEY, transport });
    await until(() => listener.signalling.published.value.length === 1);
    expect(listener.signalling.published.value).toEqual([transport]);
    const late = await enter('late');
    await until(() => late.signalling.published.value.length === 1);
    const state = (await owner.readState(room)).events.filter(({ type }) => type === STATE_TYPE);
    expect(state.map(({ sender }) => sender)).toEqual(hasDrafts ? [] : [userId]);
    expect(await delayedOf(speaker)).toBe(hasDrafts ? 1 : 0);
    await speaker.signalling.announce(null);
    await until(() => [listener, late].every(({ signalling }) => signalling.published.value.length === 0));
    expect(await delayedOf(speaker)).toBe(0);
  });

  it('[RT2] [RT3] has two windows of one sign-in get their tickets at once, and both be there', async () => {
    const [one, two, watcher] = [await enter('windows'), await enter('windows'), await enter('watcher')];
    const { userId, deviceId } = one.homeserver;
    expect(two.homeserver.deviceId).toBe(deviceId);
    const windows = [one, two].map(({ signalling }, at) => ({ signalling, memberId: `window ${at}` }));
    const asked = windows.map(({ signalling, memberId }) => {
      const nonce = toBase64Url(crypto.getRandomValues(new Uint8Array(16)));
      return signalling.requestTicket(transport, { memberId, nonce, key: KEY }, NEVER);
    });
    expect((await Promise.all(asked)).map(({ ticket }) => ticket)).toEqual([
      `for ${userId}`,
      `for ${userId}`,
    ]);
    const relays = [transport, relayTransport('ws://127.0.0.1:2', relay.userId)];
    await Promise.all(
      windows.map(({ signalling, memberId }, at) =>
        signalling.announce({ memberId, key: KEY, transport: relays[at] ?? transport }),
      ),
    );
    const there = () => relays.map((each) => watcher.signalling.sendsTo(userId, each)).join();
    await until(() => there() === 'true,true');
    await one.signalling.announce(null);
    await until(() => there() === 'false,true');
    await two.signalling.announce(null);
    await until(() => there() === 'false,false');
  });

  it('[RT4] takes out who was put out of the room', async () => {
    const [speaker, listener] = [await enter('loud'), await enter('calm')];
    await speaker.signalling.announce({ memberId: 'loud', key: KEY, transport });
    await until(() => listener.signalling.published.value.length === 1);
    const { userId: stateKey } = speaker.homeserver;
    await owner.sendState(room, { type: 'm.room.member', stateKey, content: { membership: 'ban' } });
    await until(() => listener.signalling.published.value.length === 0);
  });

  /** What the homeserver is to write when this client is gone. */
  async function delayedOf({ homeserver }: Client): Promise<number> {
    const path = '/_matrix/client/unstable/org.matrix.msc4140/delayed_events';
    const token = tokens.get(homeserver.userId);
    const answer = await fetch(`${homeserver.url}${path}`, { headers: { Authorization: `Bearer ${token}` } });
    const body: unknown = answer.ok ? await answer.json() : null;
    const events: unknown =
      typeof body === 'object' && body !== null ? Reflect.get(body, 'delayed_events') : null;
    return Array.isArray(events) ? events.length : 0;
  }
});
