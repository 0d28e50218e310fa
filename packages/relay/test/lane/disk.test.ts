import { emptyPatch, parseObjectId, patchOf, timeFromMs } from '@weft/core';
import { describe, expect, test } from 'vitest';
import { ALICE, BOB, LaneUnderTest } from './lane-under-test.ts';

const CHAIR = parseObjectId('chair');

async function pair(limits: NonNullable<Parameters<typeof LaneUnderTest.open>[0]>['limits'] = {}) {
  const lane = await LaneUnderTest.open({ limits });
  const alice = lane.client({ user: ALICE });
  const bob = lane.client({ user: BOB });
  alice.connect();
  bob.connect();
  return { lane, alice, bob };
}

function kinds(lane: LaneUnderTest): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const record of lane.records.values()) {
    const [, kind = ''] = /\["([a-z]+)"/.exec(Buffer.from(record).toString('latin1')) ?? [];
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

describe('a relay whose disk takes nothing', () => {
  test('[RL9] says so, acknowledges nothing, hands on all the same, and catches up when there is room', async () => {
    const { lane, alice, bob } = await pair();
    lane.disk.capacityBytes = 0;
    alice.set(CHAIR, 'node.name', 'Chair');
    await lane.timers.advance(3_000);
    expect(lane.room.isKeeping).toBe(false);
    for (const { socket } of [alice, bob])
      expect(socket.of('keeping')).toEqual([{ type: 'keeping', ok: false }]);
    expect(bob.replica.scene.get(CHAIR)?.node?.name).toBe('Chair');
    expect(alice.acked).toEqual([]);
    const late = lane.client({ user: BOB, device: 'TV' });
    late.connect();
    expect(late.replica.scene.get(CHAIR)?.node?.name).toBe('Chair');
    expect(late.socket.of('keeping')).toEqual([{ type: 'keeping', ok: false }]);
    lane.disk.capacityBytes = Number.POSITIVE_INFINITY;
    await lane.timers.advance(5_000);
    expect(lane.room.isKeeping).toBe(true);
    expect(alice.socket.of('keeping').at(-1)).toEqual({ type: 'keeping', ok: true });
    expect(alice.acked.length).toBe(1);
    lane.kill();
    await lane.start();
    expect(lane.world.replica.scene.get(CHAIR)?.node?.name).toBe('Chair');
  });

  test('[RL9] refuses what it has no room to wait with, and nothing is lost that waited', async () => {
    const { lane, alice, bob } = await pair({ maxUncommittedBytes: 20_000 });
    lane.disk.capacityBytes = 0;
    for (let at = 0; at < 30; at += 1)
      alice.set(parseObjectId(`thing-${at}`), 'acme:note.text', 'x'.repeat(1_000));
    const refused = alice.rejected.length;
    expect(refused).toBeGreaterThan(0);
    expect(new Set(alice.rejected.flatMap(({ problems }) => problems.map(({ code }) => code)))).toEqual(
      new Set(['not-kept']),
    );
    lane.disk.capacityBytes = Number.POSITIVE_INFINITY;
    await lane.timers.advance(10_000);
    expect(alice.acked.length).toBe(30 - refused);
    expect(bob.socket.of('patch-down').length).toBe(30 - refused);
    alice.set(CHAIR, 'node.name', 'Chair');
    expect(alice.rejected.length).toBe(refused);
  });

  test('[RL9] whose records were spoilt says how many, and goes on with the rest', async () => {
    const { lane, alice, bob } = await pair();
    for (const name of ['one', 'two', 'three'].map(parseObjectId)) alice.set(name, 'node.name', name);
    await lane.timers.advance(50);
    const [, , second = ''] = [...lane.records.keys()].sort();
    lane.kill();
    lane.disk.flip(lane.storeName, second, -1);
    await lane.start();
    expect(lane.warnings).toEqual(['records of the journal were spoilt']);
    expect(lane.world.replica.livePatch().objects.size).toBe(2);
    bob.connect();
    // Nobody goes on from before a hole: all is said anew, also by those whose edits were acknowledged.
    expect(bob.socket.of('welcome')[0]).toMatchObject({ kind: 'live-only', resumed: null });
    alice.connect();
    expect(lane.world.replica.livePatch().objects.size).toBe(3);
    expect(bob.shown()).toBe(alice.shown());
  });
});

describe('the journal of a room', () => {
  test('[RL10] holds the recent frames and what the room does not hold, and no more', async () => {
    const { lane, alice } = await pair({ recentFrames: 20 });
    const names = Array.from({ length: 40 }, (_, at) => parseObjectId(`thing-${at}`));
    for (let round = 0; round < 40; round += 1) {
      for (const id of names) alice.set(id, 'acme:note.text', `${round} `.padEnd(1_000, 'x'));
      await lane.timers.advance(2_000);
    }
    const bytes = () => [...lane.records.values()].reduce((sum, { length }) => sum + length, 0);
    // 40 live registers of 1 KB, 20 frames; written anew at twice a MiB at most.
    expect(bytes()).toBeLessThan(2.2 * 1024 * 1024);
    lane.world.settle(lane.world.replica.livePatch());
    await lane.timers.advance(10_000);
    lane.kill();
    await lane.start();
    await lane.timers.advance(100);
    expect(kinds(lane)).toEqual({ run: 2, patch: 20 });
    expect(lane.world.replica.livePatch()).toEqual(emptyPatch);
    await lane.close();
  });

  test('[RL10] holds what nobody brought to the room over many restarts, once', async () => {
    const { lane, alice } = await pair({ recentFrames: 1 });
    lane.world.canAdopt = false;
    alice.set(CHAIR, 'node.name', 'Chair');
    alice.set(parseObjectId('lamp'), 'node.name', 'Lamp');
    await lane.timers.advance(50);
    for (let restarts = 0; restarts < 80; restarts += 1) {
      lane.kill();
      await lane.start();
      await lane.timers.advance(50);
    }
    expect(lane.world.replica.livePatch().objects.size).toBe(2);
    expect(kinds(lane)).toEqual({ run: 65, patch: 1, checkpoint: 1 });
    await lane.close();
  });

  test('[RL10] holds nothing any more of what the room purged, nor tells it to anybody', async () => {
    const { lane, alice, bob } = await pair();
    bob.disconnect();
    alice.set(CHAIR, 'node.name', 'SECRET');
    await lane.timers.advance(50);
    const holdsSecret = () =>
      [...lane.records.values()].some((record) => Buffer.from(record).includes('SECRET'));
    expect(holdsSecret()).toBe(true);
    lane.world.settle(patchOf({ purges: [[CHAIR, timeFromMs(lane.timers.now() + 1_000)]] }));
    await lane.timers.advance(50);
    expect(holdsSecret()).toBe(false);
    bob.connect();
    expect(bob.socket.of('welcome')[0]?.kind).toBe('snapshot');
    expect(bob.socket.of('patch-down')).toEqual([]);
  });
});
