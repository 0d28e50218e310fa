import { type ObjectId, parseObjectId, ROLE_LEVELS } from '@weft/core';
import type { LeaseUp } from '@weft/protocol';
import { describe, expect, test } from 'vitest';
import { ALICE, BOB, CAROL, LaneUnderTest } from './lane-under-test.ts';
import type { TestClient } from './test-client.ts';

const CHAIR = parseObjectId('chair');
const LEASE_MS = 10_000;

async function pair(limits: NonNullable<Parameters<typeof LaneUnderTest.open>[0]>['limits'] = {}) {
  const lane = await LaneUnderTest.open({
    limits,
    levels: [
      [ALICE, ROLE_LEVELS.builder],
      [BOB, ROLE_LEVELS.builder],
      [CAROL, ROLE_LEVELS.visitor],
    ],
  });
  const alice = lane.client({ user: ALICE });
  const bob = lane.client({ user: BOB });
  alice.connect();
  bob.connect();
  for (const id of ['chair', 'table', 'lamp']) alice.set(parseObjectId(id), 'node.name', id);
  return { lane, alice, bob };
}

function ask(client: TestClient, want: LeaseUp['want'], priority = 0, object: ObjectId = CHAIR) {
  client.receive({ type: 'lease-up', n: client.nextN(), object, want, priority });
  return client.socket.of('lease-answer').at(-1);
}

describe('a lease', () => {
  test('[RL11] has one holder, who alone moves the object, and everybody is told who', async () => {
    const { lane, alice, bob } = await pair();
    expect(ask(alice, 'take')).toMatchObject({ ok: true, holder: 1, fence: 1 });
    const expiresMs = lane.timers.now() + LEASE_MS;
    expect(bob.socket.of('lease-down')).toEqual([
      { type: 'lease-down', object: CHAIR, holder: 1, fence: 1, expiresMs },
    ]);
    expect(ask(bob, 'take')).toMatchObject({ ok: false, holder: 1, fence: 1, expiresMs });
    bob.set(CHAIR, 'transform.position', [1, 2, 3]);
    expect(bob.rejected.at(-1)?.problems[0]?.code).toBe('forbidden');
    bob.set(CHAIR, 'node.kind', 'seat');
    expect(bob.rejected.length).toBe(1);
    alice.set(CHAIR, 'transform.position', [3, 2, 1]);
    expect(bob.replica.scene.get(CHAIR)?.transform?.position).toEqual([3, 2, 1]);
    const late = lane.client({ user: CAROL });
    late.connect();
    expect(late.socket.of('lease-down')).toMatchObject([{ object: CHAIR, holder: 1, fence: 1 }]);
  });

  test('[RL11] goes to a greater priority, and to nobody of the same or less', async () => {
    const { alice, bob } = await pair();
    ask(alice, 'take', 5);
    expect(ask(bob, 'take', 5)).toMatchObject({ ok: false, holder: 1 });
    expect(ask(bob, 'take', 6)).toMatchObject({ ok: true, holder: 2, fence: 2 });
    expect(alice.socket.of('lease-down').at(-1)).toMatchObject({ holder: 2, fence: 2 });
    expect(ask(alice, 'renew')).toMatchObject({ ok: false, holder: 2 });
    expect(ask(alice, 'release')).toMatchObject({ ok: true, holder: 2 });
  });

  test('[RL11] ends after 10 s, unless it is renewed', async () => {
    const { lane, alice, bob } = await pair();
    ask(alice, 'take');
    await lane.timers.advance(LEASE_MS - 1);
    expect(ask(alice, 'renew')).toMatchObject({ ok: true, fence: 1 });
    await lane.timers.advance(LEASE_MS - 1);
    expect(ask(bob, 'take')).toMatchObject({ ok: false });
    await lane.timers.advance(1);
    expect(bob.socket.of('lease-down').at(-1)).toMatchObject({ object: CHAIR, holder: 0 });
    bob.set(CHAIR, 'transform.position', [1, 2, 3]);
    expect(bob.rejected).toEqual([]);
    expect(ask(bob, 'take')).toMatchObject({ ok: true, holder: 2, fence: 2 });
  });

  test('[RL11] ends when it is given back, or when its holder is gone', async () => {
    const { alice, bob } = await pair();
    ask(alice, 'take');
    expect(ask(alice, 'release')).toMatchObject({ ok: true, holder: 0, expiresMs: 0 });
    expect(bob.socket.of('lease-down').at(-1)).toMatchObject({ holder: 0 });
    ask(alice, 'take');
    alice.disconnect();
    expect(bob.socket.of('lease-down').at(-1)).toMatchObject({ holder: 0 });
    expect(ask(bob, 'take')).toMatchObject({ ok: true, fence: 3 });
  });

  test('[LE1] is handed over to who may have it, so that nobody takes it in between', async () => {
    const { lane, alice, bob } = await pair({ maxLeasesPerSession: 1 });
    const hand = (from: TestClient, to: number) => {
      from.receive({ type: 'lease-hand-up', n: from.nextN(), object: CHAIR, to });
      return from.socket.of('lease-answer').at(-1);
    };
    const carol = lane.client({ user: CAROL });
    carol.connect();
    expect(hand(alice, 2)).toMatchObject({ ok: false, holder: 0 });
    ask(alice, 'take', 7);
    expect(hand(bob, 2)).toMatchObject({ ok: false, holder: 1 });
    expect(hand(alice, 3)).toMatchObject({ ok: false, holder: 1 });
    expect(hand(alice, 99)).toMatchObject({ ok: false, holder: 1 });
    expect(hand(alice, 1)).toMatchObject({ ok: true, holder: 1, fence: 1 });
    ask(bob, 'take', 0, parseObjectId('lamp'));
    expect(hand(alice, 2)).toMatchObject({ ok: false, holder: 1 });
    ask(bob, 'release', 0, parseObjectId('lamp'));
    expect(hand(alice, 2)).toMatchObject({ ok: true, holder: 2, fence: 3 });
    expect(bob.socket.of('lease-down').at(-1)).toMatchObject({ object: CHAIR, holder: 2, fence: 3 });
    expect(ask(alice, 'take', 7)).toMatchObject({ ok: false, holder: 2 });
    expect(ask(bob, 'renew')).toMatchObject({ ok: true });
  });

  test('[RL11] is for those who may move the object', async () => {
    const { lane, bob } = await pair();
    const carol = lane.client({ user: CAROL });
    carol.connect();
    expect(ask(carol, 'take')).toMatchObject({ ok: false, holder: 0 });
    expect(ask(bob, 'take', 0, parseObjectId('nothing'))).toMatchObject({ ok: false, holder: 0 });
    bob.set(CHAIR, 'node.owner', ALICE);
    expect(ask(bob, 'take')).toMatchObject({ ok: false, holder: 0 });
  });

  test('[RL11] are bounded for one socket and for the room', async () => {
    const { alice, bob } = await pair({ maxLeasesPerSession: 1, maxLeases: 2 });
    const [table, lamp] = ['table', 'lamp'].map(parseObjectId);
    expect(ask(alice, 'take')).toMatchObject({ ok: true });
    expect(ask(alice, 'take', 0, table)).toMatchObject({ ok: false, holder: 0 });
    expect(ask(alice, 'take')).toMatchObject({ ok: true, fence: 1 });
    expect(ask(bob, 'take', 0, table)).toMatchObject({ ok: true });
    expect(ask(bob, 'take', 9)).toMatchObject({ ok: false });
    bob.disconnect();
    const both = await pair({ maxLeases: 1 });
    expect(ask(both.alice, 'take', 0, lamp)).toMatchObject({ ok: true });
    expect(ask(both.bob, 'take', 0, table)).toMatchObject({ ok: false, holder: 0 });
    expect(ask(both.bob, 'take', 1, lamp)).toMatchObject({ ok: true });
  });
});
