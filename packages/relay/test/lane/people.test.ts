import { actorOfUser, newActorId, parseObjectId, ROLE_LEVELS } from '@weft/core';
import { CLOSE_CODES, MAX_PEOPLE } from '@weft/protocol';
import { SeededRandom } from '@weft/testing';
import { describe, expect, test } from 'vitest';
import { ALICE, BOB, CAROL, LaneUnderTest } from './lane-under-test.ts';

const CHAIR = parseObjectId('chair');
const LAMP = parseObjectId('lamp');

describe('who is in a room', () => {
  test('[RL3] has a number of their own, and the user that the homeserver vouches for', async () => {
    const lane = await LaneUnderTest.open();
    const alice = lane.client({ user: ALICE, device: 'PHONE' });
    const bob = lane.client({ user: BOB });
    alice.connect();
    bob.connect();
    const entryOf = (client: typeof alice, session: number, device: string) => ({
      session,
      user: client.user,
      device,
      actor: client.actor,
      level: ROLE_LEVELS.builder,
    });
    const all = [entryOf(bob, 2, 'DEVICE'), entryOf(alice, 1, 'PHONE')];
    expect(bob.socket.of('welcome')[0]?.people).toEqual(all);
    expect(alice.socket.of('people')).toEqual([{ type: 'people', joined: all.slice(0, 1), left: [] }]);
    bob.disconnect();
    expect(alice.socket.of('people').at(-1)).toEqual({ type: 'people', joined: [], left: [2] });
    bob.connect();
    expect(bob.session?.session).toBe(3);
    expect([...lane.room.people()].map(({ session }) => session)).toEqual([1, 3]);
  });

  test('[RL3] has one live socket: the same client takes its own place, nobody else takes it', async () => {
    const lane = await LaneUnderTest.open();
    const alice = lane.client({ user: ALICE });
    alice.connect();
    const first = alice.socket;
    alice.connect();
    expect(first.closed?.code).toBe(CLOSE_CODES.replaced);
    expect([...lane.room.people()].map(({ session }) => session)).toEqual([2]);
    const thieves = [lane.client({ user: BOB }), lane.client({ user: ALICE, device: 'OTHER' })];
    for (const thief of thieves) {
      expect(thief.connect({ actor: alice.actor })).toBe(false);
      expect(thief.socket.closed?.code).toBe(CLOSE_CODES.replaced);
    }
    expect(alice.isConnected).toBe(true);
    alice.disconnect();
    // The actor stays hers when she is gone, also for a relay that was started again.
    alice.connect();
    alice.set(CHAIR, 'node.name', 'Chair');
    await lane.timers.advance(50);
    lane.kill();
    await lane.start();
    expect(lane.client({ user: BOB }).connect({ actor: alice.actor })).toBe(false);
  });

  test('[RL3] may not come as a user, or as an actor that the room knows as somebody else', async () => {
    const lane = await LaneUnderTest.open();
    const alice = lane.client({ user: ALICE });
    expect(alice.connect({ actor: actorOfUser(ALICE) })).toBe(false);
    expect(alice.socket.closed?.code).toBe(CLOSE_CODES.malformed);
    const known = lane.client({ user: BOB });
    lane.world.settle(known.set(CHAIR, 'node.name', 'Chair'));
    expect(alice.connect({ actor: known.actor })).toBe(false);
  });

  test('[RL3] goes on under actors of earlier runs, as far as nobody else is known for them', async () => {
    const lane = await LaneUnderTest.open();
    const before = lane.client({ user: ALICE });
    const foreign = lane.client({ user: BOB });
    foreign.connect();
    const after = lane.client({ user: ALICE, former: [before.actor, foreign.actor, actorOfUser(CAROL)] });
    after.connect();
    after.say(before.set(CHAIR, 'node.name', 'Chair'));
    expect(after.rejected).toEqual([]);
    expect(foreign.replica.scene.get(CHAIR)?.node?.name).toBe('Chair');
    foreign.disconnect();
    after.say(foreign.set(LAMP, 'node.name', 'Lamp'));
    expect(after.rejected[0]?.problems[0]?.code).toBe('forbidden');
  });

  test('[RL3] are as many as the room holds, and one user as many as may be', async () => {
    const lane = await LaneUnderTest.open({ limits: { maxPeople: 3, maxSessionsPerUser: 2 } });
    const connect = (user: typeof ALICE, device: string) => {
      const client = lane.client({ user, device });
      client.connect();
      return client.socket.closed?.code ?? null;
    };
    expect(connect(ALICE, 'A')).toBeNull();
    expect(connect(ALICE, 'B')).toBeNull();
    expect(connect(ALICE, 'C')).toBe(CLOSE_CODES.tooMany);
    expect(connect(BOB, 'A')).toBeNull();
    expect(connect(CAROL, 'A')).toBe(CLOSE_CODES.tooMany);
  });

  test('[RL3] is told to a newcomer in full, 1,024 people a frame', async () => {
    const lane = await LaneUnderTest.open({
      limits: { maxPeople: MAX_PEOPLE + 1, maxSessionsPerUser: MAX_PEOPLE + 1 },
    });
    const come = () => lane.client({ user: ALICE, device: `DEVICE${lane.clients.length}` });
    const told = () => {
      const client = come();
      client.connect();
      const { socket } = client;
      return [
        ...socket.of('welcome').map(({ people }) => people),
        ...socket.of('people').map(({ joined }) => joined),
      ];
    };
    // The many do not read: what they would be told is not what this is about.
    for (let at = 1; at < MAX_PEOPLE; at += 1) come().connectSlowly();
    expect(told().map(({ length }) => length)).toEqual([MAX_PEOPLE]);
    const all = told();
    expect(all.map(({ length }) => length)).toEqual([MAX_PEOPLE, 1]);
    expect(new Set(all.flat().map(({ session }) => session)).size).toBe(MAX_PEOPLE + 1);
  });

  test('[RL3] is somebody who is in the room', async () => {
    const lane = await LaneUnderTest.open({ levels: [[ALICE, ROLE_LEVELS.builder]] });
    const stranger = lane.client({ user: BOB });
    expect(stranger.connect()).toBe(false);
    expect(stranger.socket.closed?.code).toBe(CLOSE_CODES.forbidden);
    expect(stranger.socket.frames).toEqual([]);
  });
});

describe('whoever loses a right', () => {
  async function withWork() {
    const lane = await LaneUnderTest.open();
    const alice = lane.client({ user: ALICE });
    const bob = lane.client({ user: BOB });
    alice.connect();
    bob.connect();
    const durable = bob.set(CHAIR, 'node.name', 'Durable');
    for (const replica of [alice.replica, bob.replica]) replica.receive(durable, 'matrix');
    lane.world.settle(durable);
    bob.set(CHAIR, 'node.name', 'Newer');
    bob.set(LAMP, 'node.name', 'Lamp');
    alice.set(LAMP, 'transform.position', [1, 2, 3]);
    return { lane, alice, bob };
  }

  test('[RL4] by a kick or a ban is put out at once, and what the room does not hold is gone for everybody', async () => {
    const { lane, alice, bob } = await withWork();
    lane.world.setLevel(BOB, null);
    expect(bob.socket.closed?.code).toBe(CLOSE_CODES.forbidden);
    expect(bob.socket.of('bye-down')[0]?.code).toBe(CLOSE_CODES.forbidden);
    for (const { scene } of [alice.replica, lane.world.replica]) {
      expect(scene.get(CHAIR)?.node?.name).toBe('Durable');
      expect(scene.get(LAMP)?.node?.name).toBeUndefined();
      expect(scene.get(LAMP)?.transform?.position).toEqual([1, 2, 3]);
    }
    expect(alice.socket.of('people').at(-1)?.left).toEqual([2]);
    expect(bob.connect()).toBe(false);
    await lane.timers.advance(50);
    lane.kill();
    await lane.start();
    expect(lane.world.replica.scene.get(CHAIR)?.node?.name).toBe('Durable');
  });

  test('[RL4] by a demotion is told, writes no more, and what only builders may write is gone for everybody', async () => {
    const { lane, alice, bob } = await withWork();
    lane.world.setLevel(BOB, ROLE_LEVELS.visitor);
    expect(bob.socket.of('role')).toEqual([{ type: 'role', level: 0 }]);
    expect(alice.socket.of('people').at(-1)?.joined).toMatchObject([{ session: 2, level: 0 }]);
    expect(alice.replica.scene.get(CHAIR)?.node?.name).toBe('Durable');
    expect(bob.replica.scene.get(CHAIR)?.node?.name).toBe('Durable');
    bob.set(CHAIR, 'node.name', 'Again');
    expect(bob.rejected.at(-1)?.problems[0]?.code).toBe('read-only');
    lane.world.setLevel(BOB, ROLE_LEVELS.builder);
    bob.set(CHAIR, 'node.name', 'Again');
    expect(alice.replica.scene.get(CHAIR)?.node?.name).toBe('Again');
  });

  test('[RL4] while away is held to it too, also over a restart of the relay', async () => {
    const { lane, alice, bob } = await withWork();
    await lane.timers.advance(50);
    bob.disconnect();
    lane.kill();
    await lane.start();
    alice.connect();
    expect(lane.world.replica.scene.get(CHAIR)?.node?.name).toBe('Newer');
    lane.world.setLevel(BOB, null);
    expect(lane.world.replica.scene.get(CHAIR)?.node?.name).toBe('Durable');
    expect(alice.replica.scene.get(CHAIR)?.node?.name).toBe('Durable');
  });

  test('[RL4] shows what their work hid, where its author may write it', async () => {
    const lane = await LaneUnderTest.open();
    const [alice, bob] = [ALICE, BOB].map((user) => lane.client({ user }));
    if (alice === undefined || bob === undefined) throw new Error('nobody');
    alice.connect();
    bob.connect();
    alice.set(CHAIR, 'node.name', 'by Alice');
    bob.set(CHAIR, 'node.name', 'by Bob');
    const late = lane.client({ user: CAROL });
    late.connect();
    lane.world.setLevel(BOB, ROLE_LEVELS.visitor);
    for (const { replica } of [alice, late, lane.world])
      expect(replica.scene.get(CHAIR)?.node?.name).toBe('by Alice');
  });

  test('[RL4] keeps what they were allowed to write, though they locked it or gave it away since', async () => {
    const { lane, alice, bob } = await withWork();
    bob.set(LAMP, 'node.locked', true);
    bob.set(CHAIR, 'node.owner', CAROL);
    const shown = lane.world.replica.shownPatch();
    lane.world.setLevel(CAROL, ROLE_LEVELS.steward);
    lane.world.setLevel(BOB, ROLE_LEVELS.steward);
    lane.world.setLevel(BOB, ROLE_LEVELS.builder);
    expect(lane.world.replica.shownPatch()).toEqual(shown);
    expect(alice.socket.of('retract')).toEqual([]);
    lane.world.setLevel(BOB, ROLE_LEVELS.builder - 1);
    expect(alice.replica.scene.get(LAMP)?.node?.locked).not.toBe(true);
    expect(alice.replica.scene.get(CHAIR)?.node?.name).toBe('Durable');
  });

  test('[RL4] takes back what the room refused, for everybody, and nothing of others', async () => {
    const { lane, alice, bob } = await withWork();
    const theirs = alice.set(LAMP, 'node.kind', 'lamp');
    const own = bob.set(LAMP, 'node.tags', ['old']);
    bob.takeBack(own);
    expect(alice.replica.scene.get(LAMP)?.node?.tags).toEqual([]);
    bob.takeBack(theirs);
    expect(alice.replica.scene.get(LAMP)?.node?.kind).toBe('lamp');
    expect(lane.world.replica.scene.get(LAMP)?.node?.kind).toBe('lamp');
  });

  test('[RL4] is not at the mercy of a creator’s infinite level', async () => {
    const lane = await LaneUnderTest.open({ levels: [[ALICE, Number.POSITIVE_INFINITY]] });
    const alice = lane.client({ user: ALICE });
    alice.connect();
    expect(alice.socket.of('welcome')[0]?.level).toBe(1_000_000_000);
    alice.set(CHAIR, 'node.name', 'Chair');
    expect(alice.rejected).toEqual([]);
  });

  test('[RL4] a stranger’s actor proves nothing', async () => {
    const lane = await LaneUnderTest.open();
    const bob = lane.client({ user: BOB, former: [newActorId(new SeededRandom('nobody').bytes)] });
    expect(bob.connect()).toBe(true);
  });
});
