import { encodePatch, newActorId, parseObjectId, parsePath, patchOf, timeFromMs } from '@weft/core';
import { MAX_SNAPSHOT_CHUNK_BYTES } from '@weft/protocol';
import { SeededRandom } from '@weft/testing';
import { describe, expect, test } from 'vitest';
import { STALE_OBJECTS } from '../../src/lane/snapshot-file.ts';
import { ALICE, BOB, CAROL, LaneUnderTest } from './lane-under-test.ts';
import { shownOf } from './test-client.ts';

const CHAIR = parseObjectId('chair');

async function pair(limits: NonNullable<Parameters<typeof LaneUnderTest.open>[0]>['limits'] = {}) {
  const lane = await LaneUnderTest.open({ limits });
  const alice = lane.client({ user: ALICE });
  const bob = lane.client({ user: BOB });
  alice.connect();
  bob.connect();
  return { lane, alice, bob };
}

describe('whoever comes back', () => {
  test('[RL5] gets just what they missed, in order', async () => {
    const { lane, alice, bob } = await pair();
    alice.set(CHAIR, 'node.name', 'one');
    bob.disconnect();
    for (const name of ['two', 'three']) alice.set(CHAIR, 'node.name', name);
    alice.takeBack(alice.set(CHAIR, 'node.name', 'four'));
    bob.connect();
    expect(bob.socket.of('welcome')[0]).toMatchObject({ kind: 'difference', missed: 4, through: 5 });
    const told = bob.socket.frames.filter(({ type }) => type === 'patch-down' || type === 'retract');
    expect(told.map((frame) => ('seq' in frame ? frame.seq : 0))).toEqual([2, 3, 4, 5]);
    expect(bob.shown()).toBe(alice.shown());
    await lane.close();
  });

  test('[RL5] to a relay that was started again gets the rest of its earlier run and all of the new one', async () => {
    const { lane, alice, bob } = await pair();
    alice.set(CHAIR, 'node.name', 'one');
    bob.disconnect();
    alice.set(CHAIR, 'node.name', 'two');
    await lane.timers.advance(50);
    lane.kill();
    await lane.start();
    alice.connect();
    alice.set(CHAIR, 'node.name', 'three');
    bob.connect();
    expect(bob.socket.of('welcome')[0]).toMatchObject({
      kind: 'difference',
      missed: 2,
      through: 1,
      resumed: 2,
    });
    expect(bob.socket.of('patch-down')).toMatchObject([
      { seq: 0, session: 0, user: ALICE },
      { seq: 1, session: 1, user: null },
    ]);
    expect(bob.shown()).toBe(alice.shown());
  });

  test('[RL5] after the relay died between telling and keeping hears what is said again, and forgets the rest', async () => {
    const { lane, alice, bob } = await pair();
    alice.set(CHAIR, 'node.name', 'kept');
    await lane.timers.advance(50);
    alice.set(CHAIR, 'node.name', 'told, not kept');
    expect(bob.replica.scene.get(CHAIR)?.node?.name).toBe('told, not kept');
    lane.kill();
    await lane.start();
    expect(lane.world.replica.scene.get(CHAIR)?.node?.name).toBe('kept');
    bob.connect();
    expect(bob.socket.of('welcome')[0]).toMatchObject({ resumed: 1 });
    await lane.timers.advance(4_000);
    expect(bob.replica.scene.get(CHAIR)?.node?.name).toBe('told, not kept');
    await lane.timers.advance(2_000);
    expect(bob.replica.scene.get(CHAIR)?.node?.name).toBe('kept');
    alice.connect();
    expect(bob.replica.scene.get(CHAIR)?.node?.name).toBe('told, not kept');
    await lane.timers.advance(50);
    expect(alice.unacked).toEqual([]);
    expect(lane.world.replica.scene.get(CHAIR)?.node?.name).toBe('told, not kept');
  });

  test('[RL5] from so long ago that it is not kept any more gets all that the room does not hold', async () => {
    const { lane, alice, bob } = await pair({ recentFrames: 2 });
    alice.set(CHAIR, 'node.name', 'one');
    bob.disconnect();
    for (const name of ['two', 'three']) alice.set(CHAIR, 'node.name', name);
    bob.connect();
    expect(bob.socket.of('welcome')[0]).toMatchObject({ kind: 'difference', missed: 2 });
    bob.disconnect();
    for (const name of ['four', 'five', 'six']) alice.set(CHAIR, 'node.name', name);
    bob.connect();
    expect(bob.socket.of('welcome')[0]).toMatchObject({ kind: 'live-only', missed: 1, resumed: 6 });
    expect(bob.shown()).toBe(alice.shown());
    await lane.close();
  });

  test('[RL5] with a position that no run ever had gets everything', async () => {
    const { alice, bob } = await pair();
    alice.set(CHAIR, 'node.name', 'one');
    const run = bob.position?.run;
    if (run === undefined) throw new Error('no run');
    bob.disconnect();
    bob.connect({ position: { run, seq: 7 } });
    expect(bob.socket.of('welcome')[0]).toMatchObject({ kind: 'live-only', missed: 1 });
  });
});

describe('a newcomer', () => {
  /** A base of that many objects, of a few KiB each. */
  function base(lane: LaneUnderTest, objects: number) {
    const stamp = { time: timeFromMs(lane.timers.now()), actor: newActorId(new SeededRandom('base').bytes) };
    return patchOf({
      registers: Array.from({ length: objects }, (_, at) => ({
        id: parseObjectId(`thing-${at}`),
        path: parsePath('acme:note.text'),
        register: { value: lane.random.fork(`${at}`).bytes(1_000).join(' '), stamp },
      })),
    });
  }

  test('[RL6] gets the room’s part as one file in parts, and beside it what the room does not hold', async () => {
    const { lane, alice } = await pair();
    const durable = base(lane, 150);
    lane.world.settle(durable);
    alice.set(CHAIR, 'node.name', 'Chair');
    const carol = lane.client({ user: CAROL });
    carol.connect();
    const [welcome] = carol.socket.of('welcome');
    const parts = carol.socket.of('snapshot');
    const file = encodePatch(lane.world.replica.basePatch());
    expect(welcome).toMatchObject({
      kind: 'snapshot',
      missed: 1,
      snapshotBytes: file.length,
      snapshotObjects: 150,
    });
    expect(parts.length).toBe(Math.ceil(file.length / MAX_SNAPSHOT_CHUNK_BYTES));
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.map(({ index, count }) => [index, count])).toEqual(parts.map((_, at) => [at, parts.length]));
    expect(Buffer.concat(parts.map(({ bytes }) => bytes))).toEqual(Buffer.from(file));
    expect(carol.shown() === shownOf(lane.world.replica)).toBe(true);
  });

  test('[RL6] who holds the same already gets none of it', async () => {
    const { lane } = await pair();
    const durable = base(lane, 40);
    lane.world.settle(durable);
    const carol = lane.client({ user: CAROL });
    carol.replica.receive(durable, 'matrix');
    carol.connect();
    expect(carol.socket.of('welcome')[0]).toMatchObject({ kind: 'live-only', missed: 0, snapshotBytes: 0 });
    expect(carol.socket.of('snapshot')).toEqual([]);
  });

  test('[RL6] gets a file that was made before, and beside it what came into the room since', async () => {
    const { lane, alice } = await pair();
    lane.world.settle(base(lane, 40));
    const welcomeOf = (device: string) => {
      const client = lane.client({ user: CAROL, device });
      client.connect();
      expect(client.shown()).toBe(shownOf(lane.world.replica));
      client.disconnect();
      return client.socket.of('welcome')[0];
    };
    expect(welcomeOf('A')).toMatchObject({ kind: 'snapshot', snapshotObjects: 40, missed: 0 });
    // Shown on the lane before the file was made, or after, and taken over by the room without anything to see.
    const before = alice.set(CHAIR, 'node.name', 'Chair');
    lane.world.settle(base(lane, 41));
    lane.world.settle(before);
    expect(welcomeOf('B')).toMatchObject({ kind: 'snapshot', snapshotObjects: 40, missed: 1 });
    const things = Array.from({ length: STALE_OBJECTS - 2 }, (_, at) => parseObjectId(`new-${at}`));
    const stamp = { time: timeFromMs(lane.timers.now()), actor: alice.actor };
    const named = (ids: typeof things) =>
      patchOf({
        registers: ids.map((id) => ({
          id,
          path: parsePath('node.name'),
          register: { value: id, stamp },
        })),
      });
    lane.world.settle(named(things));
    expect(welcomeOf('C')).toMatchObject({ snapshotObjects: 40, missed: 1 });
    lane.world.settle(named([parseObjectId('one-more')]));
    expect(welcomeOf('D')).toMatchObject({ snapshotObjects: 42 + STALE_OBJECTS - 1, missed: 0 });
  });

  test('[RL6] gets nothing of what was purged since the file was made', async () => {
    const { lane } = await pair();
    lane.world.settle(base(lane, 3));
    lane.client({ user: CAROL }).connect();
    const purged = parseObjectId('thing-1');
    lane.world.settle(patchOf({ purges: [[purged, timeFromMs(lane.timers.now() + 1)]] }));
    const late = lane.client({ user: CAROL, device: 'TV' });
    late.connect();
    expect(late.socket.of('welcome')[0]).toMatchObject({ kind: 'snapshot', missed: 0 });
    expect(late.replica.scene.has(purged)).toBe(false);
    expect(late.replica.scene.size).toBe(2);
  });

  test('[RL6] who reads slowly holds up nobody, and hears what came meanwhile after the file', async () => {
    const { lane, alice, bob } = await pair();
    lane.world.settle(base(lane, 300));
    const carol = lane.client({ user: CAROL });
    carol.connectSlowly();
    for (let at = 0; at < 50; at += 1) alice.set(CHAIR, 'node.name', `${at}`);
    expect(bob.socket.of('patch-down').length).toBe(50);
    // No more is under way than the system is asked to hold.
    expect(carol.socket.queuedBytes).toBeLessThan(400 * 1024);
    while (carol.socket.queuedBytes > 0) carol.socket.read(1);
    const types = carol.socket.frames.map(({ type }) => type);
    expect(types.lastIndexOf('snapshot')).toBeLessThan(types.indexOf('patch-down'));
    expect(carol.socket.of('patch-down').map(({ seq }) => seq)).toEqual(
      Array.from({ length: 50 }, (_, at) => at + 1),
    );
    expect(carol.replica.scene.get(CHAIR)?.node?.name).toBe('49');
  });
});
