import { parseObjectId, ROLE_LEVELS } from '@weft/core';
import { readChat, TICKET_EVENT, TICKET_REFUSED_EVENT } from '@weft/protocol';
import { describe, expect, it } from 'vitest';
import { STANDING_WAIT_MS } from '../../src/matrix/ticket-clerk.ts';
import { RelayUnderTest, type RelayUnderTestOptions } from './relay-under-test.ts';

async function served(options: RelayUnderTestOptions = {}) {
  const relay = new RelayUnderTest(options);
  await relay.start();
  const room = await relay.world();
  await relay.invite(room);
  return { relay, room };
}

describe('a request for a ticket', () => {
  it('[RT9] is granted to whoever is in the room, and the same one once', async () => {
    const { relay, room } = await served();
    const visitor = await relay.member(room, 'visitor');
    const asked = relay.question(room);
    const [granted, ...rest] = await relay.ask(visitor, asked);
    expect([granted?.type, rest.length]).toEqual([TICKET_EVENT, 0]);
    expect(granted?.content).toMatchObject({
      nonce: asked.nonce,
      url: 'wss://relay.test',
      expires_ms: 60_000,
    });
    const [again] = await relay.ask(visitor, asked);
    expect(again?.content).toEqual(granted?.content);
    expect(relay.office.outstanding).toBe(1);
    const [other] = await relay.ask(visitor, relay.question(room));
    expect(other?.content.ticket).not.toBe(granted?.content.ticket);
    await relay.stop();
  });

  it('[RT9] of a stranger, or for a world that is not served, is refused alike, after the same time', async () => {
    const { relay, room } = await served();
    const stranger = relay.server.connect('stranger');
    const unknown = `!${'A'.repeat(43)}`;
    for (const world of [room, unknown]) {
      const asked = relay.question(world);
      expect(await relay.ask(stranger, asked, STANDING_WAIT_MS - 100)).toEqual([]);
      const [refused] = await relay.ask(stranger, asked, 300);
      expect(refused?.type).toBe(TICKET_REFUSED_EVENT);
      expect(refused?.content).toMatchObject({ nonce: asked.nonce, code: 'forbidden' });
    }
    await relay.stop();
  });

  it('[RT9] that is faster than the news that its user came in waits for that', async () => {
    const { relay, room } = await served();
    for (const follower of relay.homeserver.followers) follower.hold();
    const visitor = await relay.member(room, 'visitor');
    const asked = relay.question(room);
    expect(await relay.ask(visitor, asked)).toEqual([]);
    for (const follower of relay.homeserver.followers) follower.release();
    const [granted] = await relay.ask(visitor, asked);
    expect(granted?.type).toBe(TICKET_EVENT);
    await relay.stop();
  });

  it('[RT9] is refused by a relay that is about to stop, and passed over where it says nothing', async () => {
    const { relay, room } = await served();
    const visitor = await relay.member(room, 'visitor');
    expect(await relay.ask(visitor, { ...relay.question(room), nonce: 'short' })).toEqual([]);
    const draining = relay.account.drain(0);
    await relay.timers.advance(1000);
    await draining;
    const [refused] = await relay.ask(visitor, relay.question(room));
    expect(refused?.content).toMatchObject({ code: 'draining' });
    await relay.stop();
  });
});

describe('who is on a lane', () => {
  it('[RT10] goes within the sync that tells of a kick or a ban, and what they were given is void', async () => {
    for (const change of ['leave', 'ban'] as const) {
      const { relay, room } = await served();
      const visitor = await relay.member(room, 'visitor');
      const client = relay.client(room, visitor);
      expect(client.isConnected).toBe(true);
      await relay.ask(visitor, relay.question(room));
      relay.server.setMembership(room, relay.owner.userId, visitor.userId, change);
      await relay.timers.advance(5);
      expect(client.socket.closed).toMatchObject({ code: 4403 });
      expect(relay.revoked).toEqual([{ user: visitor.userId, room }]);
      expect(relay.account.mayEnter(room, visitor.userId, 'lane')).toBe(false);
      await relay.stop();
    }
  });

  it('[RT10] has the level of the room, and no more from the sync on that tells of a demotion', async () => {
    const { relay, room } = await served();
    const builder = await relay.member(room, 'builder', 25);
    const client = relay.client(room, builder);
    const id = parseObjectId('bench');
    client.set(id, 'node.name', 'Bench');
    await relay.timers.advance(100);
    expect([client.acked.length, client.rejected.length]).toEqual([1, 0]);
    await relay.setLevel(room, builder.userId, 0);
    await relay.timers.advance(5);
    expect(client.socket.of('role').at(-1)).toMatchObject({ level: 0 });
    client.set(id, 'node.name', 'Throne');
    await relay.timers.advance(100);
    expect(client.rejected).toHaveLength(1);
    await relay.stop();
  });

  it('[RT11] stays while the homeserver is away; nobody new comes in, and nobody gains a right', async () => {
    const { relay, room } = await served();
    const [builder, visitor] = [await relay.member(room, 'builder', 25), await relay.member(room, 'visitor')];
    const client = relay.client(room, builder);
    const [ticket] = await relay.ask(builder, relay.question(room));
    expect(ticket?.type).toBe(TICKET_EVENT);
    const lastMs = relay.timers.now();
    relay.homeserver.goOffline();
    await relay.setLevel(room, visitor.userId, 50);
    await relay.timers.advance(300_000);
    expect(client.isConnected).toBe(true);
    client.set(parseObjectId('bench'), 'node.name', 'Bench');
    await relay.timers.advance(100);
    expect(client.acked).toHaveLength(1);
    expect(await relay.ask(visitor, relay.question(room), STANDING_WAIT_MS + 100)).toEqual([]);
    const late = await relay.member(room, 'late');
    expect(relay.account.mayEnter(room, late.userId, 'lane')).toBe(false);
    expect(relay.client(room, visitor).socket.of('welcome')[0]?.level).toBe(0);
    expect(relay.account.lastAnswerMs()).toBeLessThanOrEqual(lastMs + 1000);
    relay.homeserver.goOnline();
    await relay.timers.advance(2000);
    expect(relay.account.mayEnter(room, late.userId, 'lane')).toBe(true);
    expect(relay.account.lastAnswerMs()).toBe(relay.timers.now());
    await relay.stop();
  });

  it('[RT12] has their edits brought into the room by the relay once they are gone, under their own stamps', async () => {
    const { relay, room } = await served();
    const builder = await relay.member(room, 'builder', 25);
    const client = relay.client(room, builder);
    const patch = client.set(parseObjectId('bench'), 'node.name', 'Bench');
    await relay.timers.advance(1000);
    client.disconnect();
    await relay.timers.advance(30_000);
    const event = await relay.owner.readCurrent(room, 'world.weft.object', 'bench');
    expect(event?.sender).toBe(relay.homeserver.userId);
    const stamp = patch.objects.get(parseObjectId('bench'))?.registers.values().next().value?.stamp;
    expect(event?.content).toMatchObject({
      node: { name: 'Bench' },
      w: { t: stamp?.time, a: client.actor, u: { [client.actor]: builder.userId } },
    });
    await relay.stop();
  });
});

describe('what a service says for somebody', () => {
  it('[RT12] gets into the room’s chat as theirs', async () => {
    const { relay, room } = await served();
    const visitor = await relay.member(room, 'visitor');
    relay.roomOf(room).say(visitor.userId, 'Hello');
    await relay.timers.advance(1000);
    const { events } = await relay.owner.readTimeline(room, { from: null, direction: 'backward', limit: 1 });
    expect(events[0]).toMatchObject({ type: 'm.room.message', sender: relay.homeserver.userId });
    expect(readChat(events[0]?.id ?? '', events[0]?.content)).toMatchObject([
      { text: 'Hello', user: visitor.userId },
    ]);
    await relay.stop();
  });
});

describe('guests', () => {
  const look = { history: 'world_readable', guests: 'look' };

  it.each([
    ['a world that shows itself and lets them look', look, 'play', 'look'],
    ['a world that lets them play', { ...look, guests: 'play' }, 'play', 'play'],
    ['a world that lets them speak', { ...look, guests: 'speak' }, 'play', 'speak'],
    ['a relay that lets them look at most', { ...look, guests: 'play' }, 'look', 'look'],
    ['a relay without guests', { ...look, guests: 'play' }, 'off', 'off'],
    ['a world without guests', { ...look, guests: 'off' }, 'play', 'off'],
    ['a world that does not show itself', { history: 'shared', guests: 'play' }, 'play', 'off'],
  ] as const)('[RT13] may do what both allow: %s', async (_name, world, guests, expected) => {
    const relay = new RelayUnderTest({ worlds: { guests } });
    await relay.start();
    const room = await relay.world({
      state: [
        {
          type: 'm.room.history_visibility',
          stateKey: '',
          content: { history_visibility: world.history },
        },
        { type: 'world.weft.world', stateKey: '', content: { version: 1, title: 'W', guests: world.guests } },
      ],
    });
    await relay.invite(room);
    const guest = relay.server.connect('guest');
    expect(relay.account.mayEnter(room, guest.userId, 'lane')).toBe(expected !== 'off');
    if (expected === 'off') return;
    relay.client(room, guest);
    const [person] = relay.roomOf(room).people();
    expect(person).toMatchObject({
      user: guest.userId,
      level: expected === 'play' ? ROLE_LEVELS.visitor : ROLE_LEVELS.visitor - 1,
      mode: expected === 'look' ? 'read' : 'play',
    });
    await relay.stop();
  });
});
