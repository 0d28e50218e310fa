import { describe, expect, it } from 'vitest';
import { RelayUnderTest } from './relay-under-test.ts';

describe('a relay’s account', () => {
  it('[RT8] goes into the worlds that it is asked into, and serves each', async () => {
    const relay = new RelayUnderTest();
    const before = await relay.world({ invite: [relay.homeserver.userId] });
    await relay.start();
    const after = await relay.world();
    await relay.invite(after);
    expect([relay.account.count, relay.account.userId]).toEqual([2, '@relay:twin.test']);
    for (const room of [before, after]) expect(relay.account.roomOf(room)).not.toBeNull();
    await relay.stop();
    await relay.start();
    expect(relay.account.count).toBe(2);
    await relay.stop();
  });

  it('[RT8] leaves unanswered what is no world, what its policy does not name, and one world too many', async () => {
    const relay = new RelayUnderTest({ worlds: { most: 1, allowed: ['@owner:twin.test'] } });
    await relay.start();
    const chat = await relay.owner.createRoom({
      ...{ name: 'Chat', access: 'private', roomVersion: '12', creation: {}, aliasLocalpart: null },
      ...{ invite: [relay.homeserver.userId], powerLevels: {}, initialState: [] },
    });
    const stranger = relay.server.connect('stranger');
    const strange = await stranger.createRoom({
      ...{ name: 'S', access: 'private', roomVersion: '12', creation: { type: 'world.weft' } },
      ...{ aliasLocalpart: null, invite: [relay.homeserver.userId], powerLevels: {}, initialState: [] },
    });
    await relay.timers.advance(1000);
    expect(relay.account.count).toBe(0);
    const served = await relay.world({ invite: [relay.homeserver.userId] });
    await relay.timers.advance(1000);
    const toomany = await relay.world({ invite: [relay.homeserver.userId] });
    await relay.timers.advance(10_000);
    expect(relay.account.roomOf(served)).not.toBeNull();
    for (const room of [chat, strange, toomany]) expect(relay.account.roomOf(room)).toBeNull();
    expect(await relay.homeserver.joinedRooms()).toEqual([served]);
    await relay.stop();
  });

  it('[RT8] goes into the worlds that its configuration names, by id and by alias', async () => {
    const relay = new RelayUnderTest({ worlds: { allowed: ['#open:twin.test'] } });
    const open = await relay.world({ access: 'public', alias: 'open' });
    const other = await relay.world({ invite: [relay.homeserver.userId] });
    await relay.start();
    expect(relay.account.roomOf(open)).not.toBeNull();
    expect(relay.account.roomOf(other)).toBeNull();
    await relay.stop();
    await relay.start();
    expect(relay.account.count).toBe(1);
    await relay.stop();
  });

  it('[RT8] tries again while its homeserver does not answer, and gives up what will not change', async () => {
    const relay = new RelayUnderTest();
    await relay.start();
    const room = await relay.world();
    relay.homeserver.faults.add({ kind: 'lost' }, { kind: 'lost' }, { kind: 'lost' });
    await relay.invite(room);
    await relay.timers.advance(10_000);
    expect(relay.account.roomOf(room)).not.toBeNull();
    await relay.stop();
  });

  it('[RT8] serves a world no more from which it was put out, until it is asked in again', async () => {
    const relay = new RelayUnderTest();
    await relay.start();
    const room = await relay.world();
    await relay.invite(room);
    const builder = await relay.member(room, 'builder', 25);
    const client = relay.client(room, builder);
    relay.server.setMembership(room, relay.owner.userId, relay.homeserver.userId, 'leave');
    await relay.timers.advance(1000);
    expect([relay.account.count, client.socket.closed === null]).toEqual([0, false]);
    await relay.invite(room);
    expect(relay.account.roomOf(room)).not.toBeNull();
    await relay.stop();
  });

  it('[RT8] goes with a world to the room that took its place', async () => {
    const relay = new RelayUnderTest();
    await relay.start();
    const room = await relay.world();
    await relay.invite(room);
    const builder = await relay.member(room, 'builder', 25);
    const client = relay.client(room, builder);
    const rules = { join_rule: 'restricted', allow: [{ type: 'm.room_membership', room_id: room }] };
    const next = await relay.world({
      creation: { predecessor: { room_id: room, event_id: `$${'A'.repeat(43)}` } },
      state: [{ type: 'm.room.join_rules', stateKey: '', content: rules }],
    });
    const content = { body: 'moved', replacement_room: next };
    await relay.owner.sendState(room, { type: 'm.room.tombstone', stateKey: '', content });
    await relay.timers.advance(2000);
    expect([relay.account.roomOf(room), relay.account.count]).toEqual([null, 1]);
    expect(relay.account.roomOf(next)).not.toBeNull();
    expect(client.socket.closed).not.toBeNull();
    await relay.stop();
  });

  it('[RT8] leaves no timer and no sync behind', async () => {
    const relay = new RelayUnderTest();
    await relay.start();
    await relay.invite(await relay.world());
    await relay.stop();
    await relay.timers.advance(120_000);
    expect([relay.timers.pending, relay.server.followers]).toEqual([0, 0]);
  });
});
