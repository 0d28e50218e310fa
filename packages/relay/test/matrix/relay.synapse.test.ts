import { setTimeout as delay } from 'node:timers/promises';
import { newActorId, parseObjectId, parsePath, patchOf, Replica, toBase64Url } from '@weft/core';
import {
  connectHomeserver,
  createWorldRoom,
  type Homeserver,
  inviteRelay,
  type RoomId,
  systemTimers,
} from '@weft/matrix';
import {
  encodeWirePatch,
  readTicket,
  readTicketRefused,
  relayTransport,
  TICKET_EVENT,
  TICKET_REFUSED_EVENT,
  TICKET_REQUEST_EVENT,
  type TicketRequestMessage,
  ticketRequestContent,
} from '@weft/protocol';
import type { LaneSession } from '@weft/relay';
import { MemoryPlace } from '@weft/store/memory';
import { until } from '@weft/testing';
import { TwinLaneSocket } from '@weft/testing/lane';
import { synapse } from '@weft/testing/synapse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TicketOffice } from '../../src/admission/ticket-office.ts';
import { ROOM_LIMITS } from '../../src/lane/room-limits.ts';
import { RelayAccount } from '../../src/matrix/relay-account.ts';
import { LaneRooms } from '../../src/server/lane-rooms.ts';
import { testHello } from '../lane/test-hello.ts';

const URL = 'ws://127.0.0.1:1';
const SILENT = { debug: silent, info: silent, warn: silent, error: silent };
const ENFORCED_MS = 1000;

function silent(): void {}

function random(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

describe('a relay’s account on a real Synapse', () => {
  let owner: Homeserver;
  let builder: Homeserver;
  let account: RelayAccount;
  let office: TicketOffice;
  let room: RoomId;

  beforeAll(async () => {
    [owner, builder] = await Promise.all([connect('owner'), connect('builder')]);
    const homeserver = await connect('relay');
    const timers = systemTimers;
    office = new TicketOffice({
      ...{ url: URL, now: timers.now, random, verify: () => true },
      mayEnter: (...who) => account.mayEnter(...who),
      limits: { ticketMs: 60_000, tickets: 100, ticketsPerUser: 8 },
    });
    account = await RelayAccount.open({
      ...{ homeserver, office, timers, random, log: SILENT },
      worlds: { allowed: [owner.userId], most: 4, guests: 'off' },
      rooms: new LaneRooms({
        ...{ timers, random, log: SILENT, limits: ROOM_LIMITS, parts: [], committed: silent },
        place: new MemoryPlace(),
      }),
      revoke: (user, world) => office.revoke(user, world),
    });
    room = await createWorldRoom(owner, { title: 'Relay', access: 'public' });
    await inviteRelay(owner, room, relayTransport(URL, homeserver.userId));
    await until(() => account.roomOf(room) !== null, { withinMs: 20_000 });
    await builder.join(room, []);
    await setLevel(builder, 25);
  });

  afterAll(async () => {
    await account.close();
    owner.stop();
    builder.stop();
  });

  it('[RT8] [RT9] goes where it is asked and gives tickets to those who are there, also to who just came', async () => {
    const newcomer = await connect('newcomer');
    await newcomer.join(room, []);
    expect(await ask(newcomer, room)).toMatchObject({ url: URL });
    const stranger = await connect('stranger');
    expect(await ask(stranger, room)).toMatchObject({ code: 'forbidden' });
    for (const homeserver of [newcomer, stranger]) homeserver.stop();
  });

  it('[RT10] enforces a demotion, a kick and a ban within a second', async () => {
    const [demoted, kicked, banned] = [
      await enter('demoted', 25),
      await enter('kicked'),
      await enter('banned'),
    ];
    const took = {
      demotion: await timed(
        () => setLevel(demoted.homeserver, 0),
        () => demoted.socket.of('role').at(-1)?.level === 0,
      ),
      kick: await timed(
        () => setMembership(kicked.homeserver, 'leave'),
        () => kicked.socket.closed !== null,
      ),
      ban: await timed(
        () => setMembership(banned.homeserver, 'ban'),
        () => banned.socket.closed !== null,
      ),
    };
    for (const ms of Object.values(took)) expect(ms).toBeLessThan(ENFORCED_MS);
    for (const { socket } of [kicked, banned]) expect(socket.closed?.code).toBe(4403);
    const { userId } = kicked.homeserver;
    expect(account.mayEnter(room, userId, 'lane')).toBe(false);
    expect(await ask(kicked.homeserver, room)).toMatchObject({ code: 'forbidden' });
    for (const { homeserver } of [demoted, kicked, banned]) homeserver.stop();
  });

  it('[RT12] writes into the room what somebody sent who is gone, as theirs', async () => {
    const author = await enter('author', 25);
    const id = parseObjectId('bench-of-the-author');
    const stamp = new Replica({ actor: author.actor, now: systemTimers.now }).clock.issue();
    const patch = patchOf({
      registers: [{ id, path: parsePath('node.name'), register: { value: 'Bench', stamp } }],
      actors: [[author.actor, [author.homeserver.userId]]],
    });
    author.session.receive({ type: 'patch-up', n: 1, patch: encodeWirePatch(patch) });
    await until(() => author.socket.of('ack').length === 1, { withinMs: 5000 });
    author.session.closed();
    const deadlineMs = systemTimers.now() + 40_000;
    let event = await owner.readCurrent(room, 'world.weft.object', id);
    while (event === null && systemTimers.now() < deadlineMs) {
      await delay(500);
      event = await owner.readCurrent(room, 'world.weft.object', id);
    }
    expect(event?.sender).toBe(account.userId);
    expect(event?.content).toMatchObject({
      node: { name: 'Bench' },
      w: { t: stamp.time, a: author.actor, u: { [author.actor]: author.homeserver.userId } },
    });
    author.homeserver.stop();
  }, 60_000);

  async function connect(name: string): Promise<Homeserver> {
    const { homeserver: url, token } = await (await synapse()).account(name);
    return connectHomeserver({ url, token });
  }

  /** Comes into the room and, over a socket, onto the lane. */
  async function enter(name: string, level = 0) {
    const homeserver = await connect(name);
    await homeserver.join(room, []);
    if (level !== 0) await setLevel(homeserver, level);
    await until(() => account.mayEnter(room, homeserver.userId, 'lane'), { withinMs: 5000 });
    const actor = newActorId(random);
    const socket = new TwinLaneSocket();
    const session: LaneSession | null | undefined = account.roomOf(room)?.join(
      {
        ...{ user: homeserver.userId, device: homeserver.deviceId ?? '', memberId: name },
        hello: testHello(actor, { room }),
      },
      socket,
    );
    if (session == null) throw new Error(`${name} was not let in`);
    await until(() => latestLevel(socket) === level, { withinMs: 5000 });
    return { homeserver, socket, session, actor };
  }

  async function setLevel({ userId }: Homeserver, level: number): Promise<void> {
    const type = 'm.room.power_levels';
    const content = await owner.readStateEvent(room, type, '');
    const users = { ...Object(content?.users), [userId]: level };
    await owner.sendState(room, { type, stateKey: '', content: { ...Object(content), users } });
  }

  async function setMembership({ userId }: Homeserver, membership: 'leave' | 'ban'): Promise<void> {
    await owner.sendState(room, { type: 'm.room.member', stateKey: userId, content: { membership } });
  }

  /** What the relay answers, from device to device. */
  function ask(homeserver: Homeserver, world: string): Promise<unknown> {
    const nonce = toBase64Url(random(16));
    const request: TicketRequestMessage = {
      ...{ room: world, memberId: 'm', nonce, device: homeserver.deviceId ?? '' },
      ...{ key: toBase64Url(random(32)), purpose: 'lane' },
    };
    return new Promise((resolve, reject) => {
      homeserver.onToDevice(({ type, content }) => {
        const answer =
          type === TICKET_EVENT
            ? readTicket(content)
            : type === TICKET_REFUSED_EVENT
              ? readTicketRefused(content)
              : null;
        if (answer?.nonce === nonce) resolve(answer);
      });
      const to = { user: account.userId, device: '*', content: ticketRequestContent(request) };
      homeserver
        .enterLobby({ invited: silent, connection: silent })
        .then(() => homeserver.sendToDevice(TICKET_REQUEST_EVENT, [to]))
        .catch(reject);
    });
  }
});

/** What the relay holds somebody's level to be. */
function latestLevel(socket: TwinLaneSocket): number | undefined {
  return socket.of('role').at(-1)?.level ?? socket.of('welcome')[0]?.level;
}

/** How long it takes from when the homeserver has accepted it; milliseconds. */
async function timed(change: () => Promise<void>, isDone: () => boolean): Promise<number> {
  await change();
  const startMs = performance.now();
  await until(isDone, { withinMs: 10 * ENFORCED_MS, everyMs: 5 });
  return performance.now() - startMs;
}
