import { parseObjectId } from '@weft/core';
import { CLOSE_CODES, PoseWriter, poseTime, quantisePose, writeHidden } from '@weft/protocol';
import { describe, expect, test } from 'vitest';
import { ALICE, BOB, CAROL, type LaneUnderTest } from '../lane/lane-under-test.ts';
import { type MotionRoomSetting, MovingClient, openMotionRoom } from './motion-room.ts';

const CHAIR = parseObjectId('chair');
const UPRIGHT = [0, 0, 0, 1] as const;
const TURN_MS = 1;

async function pair(setting: MotionRoomSetting = {}) {
  const lane = await openMotionRoom(setting);
  const alice = MovingClient.connect(lane, { user: ALICE });
  const bob = MovingClient.connect(lane, { user: BOB });
  return { lane, alice, bob };
}

/** Both have an avatar, and know of each other's. */
async function met(setting: MotionRoomSetting = {}) {
  const { lane, alice, bob } = await pair(setting);
  for (const each of [alice, bob]) each.enter();
  await lane.timers.advance(TURN_MS);
  return { lane, alice, bob };
}

const entriesOf = (client: MovingClient) => {
  client.read();
  return [...client.movers.values()].map(({ session, object }) => ({ session, object }));
};

describe('a mover', () => {
  test('[MO1] is announced to everybody before it moves, under a handle that comes once', async () => {
    const { lane, alice, bob } = await pair();
    expect(alice.client.socket.of('pose-rate')).toEqual([{ type: 'pose-rate', perSecond: 30 }]);
    alice.enter();
    await lane.timers.advance(TURN_MS);
    const first = alice.avatar?.handle ?? 0;
    expect(entriesOf(bob)).toEqual([{ session: 1, object: null }]);
    alice.at(2);
    await lane.timers.advance(TURN_MS);
    expect(bob.xOf(first)).toBe(2);
    expect(alice.xOf(first)).toBeUndefined();
    alice.enter(7);
    await lane.timers.advance(TURN_MS);
    expect(alice.avatar?.handle).toBeGreaterThan(first);
    expect(alice.avatar?.parts).toBe(7);
    expect(bob.xOf(first)).toBeUndefined();
    alice.leave();
    await lane.timers.advance(TURN_MS);
    expect(entriesOf(bob)).toEqual([]);
    alice.enter();
    await lane.timers.advance(TURN_MS);
    expect(alice.avatar?.handle).toBeGreaterThan(first + 1);
  });

  test('[MO1] is gone with its socket, at once', async () => {
    const { lane, alice, bob } = await met();
    alice.at(1);
    await lane.timers.advance(TURN_MS);
    expect(entriesOf(bob).length).toBe(2);
    alice.client.disconnect();
    await lane.timers.advance(50);
    expect(entriesOf(bob)).toEqual([{ session: 2, object: null }]);
  });

  test('[MO2] is gone two seconds after its client was heard of last, though its socket is open', async () => {
    const { lane, alice, bob } = await met();
    const { socket } = alice.client;
    for (let quietMs = 0; quietMs < 1_400; quietMs += 100) {
      socket.quietMs = quietMs;
      await lane.timers.advance(100);
    }
    expect(socket.pings).toBeGreaterThan(0);
    expect(entriesOf(bob).length).toBe(2);
    // It answered the ping.
    socket.quietMs = 0;
    await lane.timers.advance(10_000);
    expect(entriesOf(bob).length).toBe(2);
    socket.quietMs = 1_500;
    await lane.timers.advance(500);
    expect(entriesOf(bob)).toEqual([{ session: 2, object: null }]);
    expect(alice.avatar).toBeUndefined();
    // What it tells of an avatar that is gone says nothing, and it may have another.
    alice.say(1, { body: { position: [1, 2, 3], rotation: UPRIGHT } });
    expect(socket.closed).toBeNull();
    socket.quietMs = 0;
    alice.enter();
    await lane.timers.advance(TURN_MS);
    expect(entriesOf(bob).length).toBe(2);
  });

  test('[MO1] is none of who came to look on', async () => {
    const { lane, bob } = await pair();
    const carol = MovingClient.connect(lane, { user: CAROL, mode: 'read' });
    carol.enter();
    bob.enter();
    await lane.timers.advance(TURN_MS);
    bob.at(4);
    await lane.timers.advance(TURN_MS);
    expect(entriesOf(carol)).toEqual([{ session: 2, object: null }]);
    expect(carol.xOf(bob.avatar?.handle)).toBe(4);
  });

  test('[MO3] stands for a newcomer at once where it stands, announced first, whatever came before', async () => {
    const { lane, alice, bob } = await met();
    for (let step = 0; step < 40; step++) {
      alice.at(step / 10);
      await lane.timers.advance(50);
    }
    bob.at(9, 0, { resting: true });
    await lane.timers.advance(60_000);
    const carol = MovingClient.connect(lane, { user: CAROL });
    await lane.timers.advance(TURN_MS);
    expect(carol.xOf(alice.avatar?.handle)).toBeCloseTo(3.9, 2);
    expect(carol.xOf(bob.avatar?.handle)).toBe(9);
    const types = carol.client.socket.frames.map(({ type }) => type);
    expect(types.indexOf('movers')).toBeLessThan(
      types.findIndex((type) => type === 'pose-flow' || type === 'pose-down'),
    );
    expect(types.filter((type) => type === 'movers').length).toBe(1);
  });
});

describe('a pose', () => {
  test('[MO4] is told to everybody else in the turn in which it came, all of a turn in one frame', async () => {
    const { lane, alice, bob } = await met();
    const carol = MovingClient.connect(lane, { user: CAROL });
    await lane.timers.advance(100);
    const before = carol.client.socket.of('pose-flow').length;
    alice.at(1);
    bob.at(2);
    await lane.timers.advance(0);
    expect(carol.client.socket.of('pose-flow').length).toBe(before + 1);
    expect([alice, bob].map((each) => carol.xOf(each.avatar?.handle))).toEqual([1, 2]);
    expect(bob.xOf(alice.avatar?.handle)).toBe(1);
  });

  test('[MO4] says when it was so, on the relay’s clock', async () => {
    const { lane, alice, bob } = await met();
    alice.at(1, 0, { ageMs: 40 });
    await lane.timers.advance(0);
    bob.read();
    expect(bob.seen.get(alice.avatar?.handle ?? 0)?.atMs).toBe(lane.timers.now() - 40);
  });

  test('[MO4] keeps that it was a jump for whoever did not hear of it yet', async () => {
    const { lane, alice, bob } = await met();
    alice.at(1);
    await lane.timers.advance(100);
    bob.client.socket.isSlow = true;
    lane.room.say(CAROL, 'x'.repeat(1000));
    for (let more = 0; more < 20; more++) lane.room.say(CAROL, 'x'.repeat(1000));
    alice.at(50, 0, { teleported: true });
    await lane.timers.advance(100);
    alice.at(51);
    await lane.timers.advance(100);
    bob.client.socket.read();
    bob.client.socket.isSlow = false;
    await lane.timers.advance(100);
    bob.read();
    expect(bob.seen.get(alice.avatar?.handle ?? 0)).toMatchObject({
      teleported: true,
      pose: { body: { position: [51, 0, 0] } },
    });
  });

  test('[MO5] of 1,000 in a second is told 30 times, the newest each time', async () => {
    const { lane, alice, bob } = await met();
    bob.read();
    bob.poses = 0;
    for (let ms = 0; ms < 1000; ms++) {
      alice.at(ms / 100);
      await lane.timers.advance(1);
    }
    await lane.timers.advance(100);
    expect(bob.xOf(alice.avatar?.handle)).toBeCloseTo(9.99, 2);
    expect(bob.poses).toBeLessThanOrEqual(33);
    expect(bob.poses).toBeGreaterThan(25);
  });

  test('[MO5] of one who sends too fast, or to one who reads too slowly, keeps nobody else waiting', async () => {
    const { lane, alice, bob } = await met();
    const carol = MovingClient.connect(lane, { user: CAROL });
    await lane.timers.advance(TURN_MS);
    carol.client.socket.isSlow = true;
    for (let said = 0; said < 20; said++) lane.room.say(CAROL, 'x'.repeat(1000));
    for (let ms = 1; ms <= 200; ms++) {
      alice.at(ms / 100);
      await lane.timers.advance(1);
      if (ms % 40 !== 0) continue;
      bob.at(ms / 40);
      await lane.timers.advance(0);
      expect(alice.xOf(bob.avatar?.handle)).toBe(ms / 40);
    }
  });

  test('[MO5] of a clock that is wrong, or was set, moves its mover and nobody else', async () => {
    const { lane, alice, bob } = await met();
    const updatesOf = (x: number) =>
      new PoseWriter().write([
        {
          handle: alice.avatar?.handle ?? 0,
          pose: quantisePose({ body: { position: [x, 0, 0], rotation: UPRIGHT } }),
          ageMs: 0,
        },
      ]);
    for (const [x, offMs] of [
      [1, 20_000],
      [2, -20_000],
      [3, 32_000],
    ] as const) {
      await lane.timers.advance(100);
      const at = poseTime(lane.timers.now() + offMs);
      alice.client.receive({ type: 'pose-up', at, updates: updatesOf(x) });
      await lane.timers.advance(0);
      bob.read();
      const seen = bob.seen.get(alice.avatar?.handle ?? 0);
      expect(seen?.pose.body.position[0]).toBe(x);
      const lateMs = lane.timers.now() - (seen?.atMs ?? 0);
      expect(lateMs).toBeGreaterThanOrEqual(0);
      expect(lateMs).toBeLessThanOrEqual(1_000);
    }
  });

  test('[MO6] of a mover that is another’s, or nobody’s, ends the socket that sent it, and no other', async () => {
    for (const bad of [2, 99]) {
      const { lane, alice, bob } = await met();
      bob.at(5);
      await lane.timers.advance(TURN_MS);
      alice.say(bad, { body: { position: [6, 6, 6], rotation: UPRIGHT } });
      await lane.timers.advance(100);
      expect(alice.client.socket.closed?.code).toBe(CLOSE_CODES.malformed);
      expect(bob.client.socket.closed).toBeNull();
      expect(entriesOf(bob)).toEqual([{ session: 2, object: null }]);
    }
  });

  test('[MO6] that says that somebody is out of sight is for relays to say', async () => {
    const { lane, alice } = await met();
    const updates = writeHidden(alice.avatar?.handle ?? 0);
    alice.client.receive({ type: 'pose-up', at: poseTime(lane.timers.now()), updates });
    expect(alice.client.socket.closed?.code).toBe(CLOSE_CODES.malformed);
  });

  test('[MO7] leaves no trace in the graph, nor on the disk', async () => {
    const { lane, alice, bob } = await met();
    alice.client.set(CHAIR, 'node.name', 'chair');
    await lane.timers.advance(1_000);
    const before = [lane.world.replica.setHash(), lane.records.size, bob.client.shown()];
    for (let step = 0; step < 200; step++) {
      alice.at(step / 10);
      await lane.timers.advance(50);
    }
    expect([lane.world.replica.setHash(), lane.records.size, bob.client.shown()]).toEqual(before);
  });

  test('[MO8] waits for nobody: who reads slowly has none queued, and then sees how all stand now', async () => {
    const { lane, alice, bob } = await met();
    const carol = MovingClient.connect(lane, { user: CAROL });
    await lane.timers.advance(TURN_MS);
    carol.client.socket.isSlow = true;
    for (let step = 1; step <= 1200; step++) {
      alice.at(step % 30);
      bob.at(-(step % 30));
      await lane.timers.advance(50);
      expect(bob.xOf(alice.avatar?.handle)).toBe(step % 30);
    }
    expect(carol.client.socket.queuedBytes).toBeLessThan(17 * 1024);
    expect(carol.client.socket.closed).toBeNull();
    carol.client.socket.read();
    carol.client.socket.isSlow = false;
    await lane.timers.advance(100);
    expect([alice, bob].map((each) => Math.abs(carol.xOf(each.avatar?.handle) ?? -1))).toEqual([0, 0]);
  });
});

describe('who is told of what:', () => {
  test('[MO9] what is in the cell of a viewer or beside it, and that the rest is out of sight', async () => {
    const { lane, alice, bob } = await met();
    const see = async (a: number, b: number) => {
      alice.at(a);
      bob.at(b);
      await lane.timers.advance(100);
      return [bob.xOf(alice.avatar?.handle), alice.xOf(bob.avatar?.handle)];
    };
    expect(await see(0, 100)).toEqual([0, 100]);
    // Well inside the third cell.
    expect(await see(0, 137)).toEqual([undefined, undefined]);
    expect(await see(1, 138)).toEqual([undefined, undefined]);
    // Not well inside the second yet, then it is.
    expect(await see(1, 125)).toEqual([undefined, undefined]);
    expect(await see(1, 119)).toEqual([1, 119]);
    expect(await see(1, 135)).toEqual([1, 135]);
    expect(await see(1, -2000)).toEqual([undefined, undefined]);
  });

  test('[MO9] what is near where it looks, and everything where it looks from nowhere', async () => {
    const { lane, alice, bob } = await met();
    const carol = MovingClient.connect(lane, { user: CAROL });
    alice.at(0);
    bob.at(3000);
    await lane.timers.advance(100);
    const sees = () => [alice, bob].map((each) => carol.xOf(each.avatar?.handle));
    expect(sees()).toEqual([0, 3000]);
    carol.look({ x: 10, y: 0, z: 10 });
    await lane.timers.advance(100);
    expect(sees()).toEqual([0, undefined]);
    carol.enter();
    await lane.timers.advance(100);
    carol.at(3010);
    await lane.timers.advance(100);
    expect(sees()).toEqual([0, undefined]);
    carol.look(null);
    await lane.timers.advance(100);
    expect(sees()).toEqual([undefined, 3000]);
    carol.leave();
    await lane.timers.advance(100);
    expect(sees()).toEqual([0, 3000]);
  });

  test('[MO10] no more than its bytes a second, what is near more often, and all of it in the end', async () => {
    const lane = await openMotionRoom({ motion: { bytesPerSecond: 2_000, byteBurst: 500 } });
    const carol = MovingClient.connect(lane, { user: CAROL });
    const others = Array.from({ length: 40 }, () => MovingClient.connect(lane, { user: BOB }));
    for (const each of [carol, ...others]) each.enter();
    await lane.timers.advance(100);
    const tell = async (seconds: number) => {
      for (let tick = 0; tick < 20 * seconds; tick++) {
        carol.at(0);
        for (const [at, each] of others.entries()) each.at(1 + at, Math.sin(tick + at));
        await lane.timers.advance(50);
      }
    };
    await tell(1);
    carol.read();
    [carol.poseBytes, carol.updates.length] = [0, 0];
    await tell(10);
    carol.read();
    expect(carol.poseBytes).toBeLessThanOrEqual(10 * 2_000 + 500);
    expect(carol.poseBytes).toBeGreaterThan(10 * 2_000 * 0.9);
    const counts = others.map(
      (each) => carol.updates.filter(({ handle }) => handle === each.avatar?.handle).length,
    );
    const mean = (list: readonly number[]) => list.reduce((sum, each) => sum + each, 0) / list.length;
    expect(mean(counts.slice(0, 10))).toBeGreaterThan(3 * mean(counts.slice(-10)));
    expect(Math.min(...counts)).toBeGreaterThan(0);
    await lane.timers.advance(2_000);
    for (const [at, each] of others.entries()) expect(carol.xOf(each.avatar?.handle)).toBe(1 + at);
  });

  test('[MO11] each mover thirty times a second where there are few, twenty where there are many', async () => {
    const lane = await openMotionRoom();
    const alice = MovingClient.connect(lane, { user: ALICE });
    const others = Array.from({ length: 33 }, () => MovingClient.connect(lane, { user: BOB }));
    const rates = () => alice.client.socket.of('pose-rate').map(({ perSecond }) => perSecond);
    for (const each of others.slice(0, 32)) each.enter();
    expect(rates()).toEqual([30]);
    others[32]?.enter();
    expect(rates()).toEqual([30, 20]);
    for (const each of others.slice(0, 4)) each.leave();
    expect(rates()).toEqual([30, 20]);
    others[5]?.leave();
    expect(rates()).toEqual([30, 20, 30]);
  });
});

describe('what is carried', () => {
  const ask = (client: MovingClient, want: 'take' | 'renew' | 'release', priority = 0) =>
    client.client.receive({ type: 'lease-up', n: client.client.nextN(), object: CHAIR, want, priority });

  async function withChair(): Promise<{ lane: LaneUnderTest; alice: MovingClient; bob: MovingClient }> {
    const room = await pair();
    room.alice.client.set(CHAIR, 'node.name', 'chair');
    return room;
  }

  test('[LE3] moves for its holder only, as a mover that ends with the lease', async () => {
    const { lane, alice, bob } = await withChair();
    ask(alice, 'take');
    await lane.timers.advance(TURN_MS);
    const first = alice.carried?.handle ?? 0;
    expect(entriesOf(bob)).toEqual([{ session: 1, object: CHAIR }]);
    alice.say(first, { body: { position: [1, 1, 1], rotation: UPRIGHT } });
    await lane.timers.advance(TURN_MS);
    expect(bob.xOf(first)).toBe(1);
    ask(bob, 'take', 9);
    // On its way when it was taken.
    alice.say(first, { body: { position: [7, 7, 7], rotation: UPRIGHT } });
    await lane.timers.advance(TURN_MS);
    expect(alice.client.socket.closed).toBeNull();
    expect(bob.xOf(first)).toBeUndefined();
    expect(entriesOf(alice)).toEqual([{ session: 2, object: CHAIR }]);
    bob.say(bob.carried?.handle ?? 0, { body: { position: [2, 2, 2], rotation: UPRIGHT } });
    await lane.timers.advance(TURN_MS);
    expect(alice.xOf(bob.carried?.handle)).toBe(2);
    await lane.timers.advance(10_100);
    expect(entriesOf(alice)).toEqual([]);
    expect(entriesOf(bob)).toEqual([]);
  });

  test('[LE3] stays one mover while the lease is renewed, and is another where it is handed over', async () => {
    const { lane, alice, bob } = await withChair();
    ask(alice, 'take');
    await lane.timers.advance(5_000);
    const first = alice.carried?.handle;
    ask(alice, 'renew');
    ask(alice, 'take');
    await lane.timers.advance(5_000);
    expect(alice.carried?.handle).toBe(first);
    alice.client.receive({ type: 'lease-hand-up', n: alice.client.nextN(), object: CHAIR, to: 2 });
    await lane.timers.advance(TURN_MS);
    expect(alice.carried).toBeUndefined();
    expect(bob.carried?.handle).toBeGreaterThan(first ?? 0);
  });

  test('[LE2] comes to rest by an edit of its holder; one that lost it to somebody else comes too late', async () => {
    const { lane, alice, bob } = await withChair();
    ask(alice, 'take');
    await lane.timers.advance(10_100);
    // Nobody took it meanwhile.
    alice.client.set(CHAIR, 'transform.position', [1, 0, 0]);
    ask(alice, 'take');
    await lane.timers.advance(10_100);
    ask(bob, 'take');
    bob.client.set(CHAIR, 'transform.position', [2, 0, 0]);
    ask(bob, 'release');
    expect(alice.client.rejected).toEqual([]);
    alice.client.set(CHAIR, 'transform.position', [3, 0, 0]);
    expect(alice.client.rejected.at(-1)?.problems[0]?.code).toBe('forbidden');
    alice.client.set(CHAIR, 'node.name', 'my chair');
    expect(alice.client.rejected.length).toBe(1);
    expect(bob.client.replica.scene.get(CHAIR)?.transform?.position).toEqual([2, 0, 0]);
    ask(alice, 'take');
    alice.client.set(CHAIR, 'transform.position', [4, 0, 0]);
    ask(alice, 'release');
    expect(bob.client.replica.scene.get(CHAIR)?.transform?.position).toEqual([4, 0, 0]);
    alice.client.set(CHAIR, 'transform.position', [5, 0, 0]);
    expect(alice.client.rejected.length).toBe(1);
  });

  test('[LE2] may be edited again ten seconds after the other let go', async () => {
    const { lane, alice, bob } = await withChair();
    ask(alice, 'take');
    ask(bob, 'take', 1);
    await lane.timers.advance(9_000);
    ask(bob, 'release');
    await lane.timers.advance(9_999);
    alice.client.set(CHAIR, 'transform.position', [3, 0, 0]);
    expect(alice.client.rejected.length).toBe(1);
    await lane.timers.advance(1);
    alice.client.set(CHAIR, 'transform.position', [3, 0, 0]);
    expect(alice.client.rejected.length).toBe(1);
    expect(bob.client.replica.scene.get(CHAIR)?.transform?.position).toEqual([3, 0, 0]);
  });
});
