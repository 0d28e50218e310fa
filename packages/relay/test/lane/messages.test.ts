import { parseObjectId } from '@weft/core';
import { CLOSE_CODES, MAX_SAID_CHARACTERS, SAY_EVENT, type UpFrame } from '@weft/protocol';
import { describe, expect, test } from 'vitest';
import { ALICE, BOB, CAROL, LaneUnderTest } from './lane-under-test.ts';

const CHAIR = parseObjectId('chair');

async function three() {
  const lane = await LaneUnderTest.open();
  const [alice, bob, carol] = [ALICE, BOB, CAROL].map((user) => lane.client({ user }));
  if (alice === undefined || bob === undefined || carol === undefined) throw new Error('nobody');
  for (const each of [alice, bob, carol]) each.connect();
  return { lane, alice, bob, carol };
}

function event(name: string, to: number | null = null): UpFrame {
  return { type: 'event-up', target: CHAIR, name, data: { at: [1, 2] }, to };
}

describe('a message', () => {
  test('[RL13] reaches everybody else or one, with the name of its sender as the relay knows it', async () => {
    const { alice, bob, carol } = await three();
    alice.receive(event('knock'));
    const told = {
      type: 'event-down',
      from: 1,
      user: ALICE,
      target: CHAIR,
      name: 'knock',
      data: { at: [1, 2] },
    };
    for (const { socket } of [bob, carol]) expect(socket.of('event-down')).toEqual([told]);
    alice.receive(event('whisper', 3));
    alice.receive(event('nobody', 99));
    expect(carol.socket.of('event-down').map(({ name }) => name)).toEqual(['knock', 'whisper']);
    expect(bob.socket.of('event-down').map(({ name }) => name)).toEqual(['knock']);
    expect(alice.socket.of('event-down')).toEqual([]);
  });

  test('[RL13] of a service is said to everybody here and in the room’s chat', async () => {
    const { lane, alice } = await three();
    lane.room.say(BOB, 'Dinner!');
    expect(alice.socket.of('event-down')).toMatchObject([{ from: 0, user: BOB, name: SAY_EVENT }]);
    expect(lane.world.messages).toMatchObject([{ text: 'Dinner!', user: BOB }]);
    expect(() => lane.room.say(BOB, ' ')).toThrow(expect.objectContaining({ code: 'limit' }));
    lane.room.say(BOB, 'x'.repeat(MAX_SAID_CHARACTERS));
    expect(() => lane.room.say(BOB, 'x'.repeat(MAX_SAID_CHARACTERS + 1))).toThrow(
      expect.objectContaining({ code: 'limit' }),
    );
    lane.world.setLevel(BOB, null);
    expect(() => lane.room.say(BOB, 'Still here')).toThrow(expect.objectContaining({ code: 'forbidden' }));
    expect(lane.world.messages.length).toBe(2);
  });

  test('[RL13] that nobody may send, or that a relay cannot handle, ends its own socket only', async () => {
    const { lane, alice, bob } = await three();
    alice.receive(alice.hello());
    expect(alice.socket.closed?.code).toBe(CLOSE_CODES.malformed);
    lane.world.stateDigest = () => {
      throw new Error('a bug');
    };
    bob.receive({ type: 'digest-up' });
    expect(bob.socket.closed?.code).toBe(1011);
    expect(lane.warnings).toEqual(['a frame could not be handled']);
    alice.receive(event('late'));
  });

  test('[RL13] of goodbye frees the seat at once', async () => {
    const { lane, alice, bob } = await three();
    alice.receive({ type: 'bye-up', code: 1000, reason: 'home' });
    expect(alice.socket.closed?.code).toBe(1000);
    expect(bob.socket.of('people').at(-1)?.left).toEqual([1]);
    expect([...lane.room.people()].length).toBe(2);
  });
});

describe('what a relay tells of itself', () => {
  test('[RL14] its clock and its hashes, when it is asked', async () => {
    const { lane, alice, bob } = await three();
    alice.receive({ type: 'clock-up', at: 7 });
    expect(alice.socket.of('clock')).toEqual([{ type: 'clock', at: 7, relayMs: lane.timers.now() }]);
    const setHash = lane.world.replica.setHash();
    const before = bob.socket.of('digest').length;
    alice.receive({ type: 'digest-up' });
    expect(alice.socket.of('digest').at(-1)).toEqual({
      type: 'digest',
      seq: 0,
      setHash,
      stateDigest: setHash,
    });
    expect(bob.socket.of('digest').length).toBe(before);
  });

  test('[RL14] its hashes, once, when nothing happened for 10 s', async () => {
    const { lane, alice, bob } = await three();
    const count = () => bob.socket.of('digest').length;
    const before = count();
    await lane.timers.advance(60_000);
    expect(count()).toBe(before);
    for (let at = 0; at < 3; at += 1) {
      alice.set(CHAIR, 'node.name', `${at}`);
      await lane.timers.advance(9_999);
    }
    expect(count()).toBe(before);
    await lane.timers.advance(1);
    expect(count()).toBe(before + 1);
    expect(bob.socket.of('digest').at(-1)?.seq).toBe(3);
    await lane.timers.advance(60_000);
    expect(count()).toBe(before + 1);
  });
});

describe('a relay that stops', () => {
  test('[RL15] tells everybody, lets nobody in, keeps what it was given, and closes with a code', async () => {
    const { lane, alice, bob } = await three();
    const drained = lane.room.drain(5_000);
    for (const { socket } of [alice, bob])
      expect(socket.of('draining')).toEqual([{ type: 'draining', inMs: 5_000 }]);
    const late = lane.client({ user: CAROL, device: 'TV' });
    expect(late.connect()).toBe(false);
    expect(late.socket.closed?.code).toBe(CLOSE_CODES.draining);
    await lane.timers.advance(4_999);
    alice.set(CHAIR, 'node.name', 'Chair');
    expect(bob.replica.scene.has(CHAIR)).toBe(true);
    await lane.timers.advance(1);
    await lane.timers.advance(50);
    await drained;
    expect(alice.acked.length).toBe(1);
    for (const { socket } of [alice, bob]) {
      expect(socket.closed?.code).toBe(CLOSE_CODES.draining);
      expect(socket.of('bye-down')[0]?.code).toBe(CLOSE_CODES.draining);
    }
    expect(lane.timers.pending).toBe(0);
    await lane.start();
    expect(lane.world.replica.scene.get(CHAIR)?.node?.name).toBe('Chair');
    bob.connect();
    expect(bob.socket.of('welcome')[0]?.kind).toBe('difference');
  });

  test('[RL15] does not wait for those who are gone', async () => {
    const { lane, alice, bob, carol } = await three();
    const drained = lane.room.drain(60_000);
    for (const each of [alice, bob, carol]) each.disconnect();
    await lane.timers.advance(10);
    await drained;
    await lane.room.drain(1);
    expect(lane.timers.pending).toBe(0);
  });

  test('[RL15] closes at once when it is told to, and takes nothing more', async () => {
    const { lane, alice } = await three();
    await lane.close();
    expect(alice.socket.closed?.code).toBe(CLOSE_CODES.draining);
    expect(lane.timers.pending).toBe(0);
  });
});
