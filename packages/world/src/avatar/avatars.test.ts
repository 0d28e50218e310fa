import { laneUrl } from '@weft/protocol';
import { describe, expect, test } from 'vitest';
import { RelayedWorlds } from '../../test/relayed-worlds.ts';
import type { World } from '../world.ts';
import type { Avatar } from './avatar.ts';
import type { Me } from './me.ts';

const UPRIGHT = [0, 0, 0, 1] as const;
const there = (x: number) => ({ position: [x, 0, 0] as const, rotation: UPRIGHT });
const GONE_MS = 2_000;

const seen = (world: World, of: World): Avatar | undefined =>
  world.avatars.value.find(({ user, own }) => user === of.userId && !own);
const x = (world: World, of: World) => seen(world, of)?.poseAt()?.body.position[0];

/** Ann and Bob are in, and others see them. */
async function setting() {
  const relayed = await RelayedWorlds.open();
  const { ann, bob, twin } = relayed;
  const [annMe, bobMe] = [await twin.run(ann.enter()), await twin.run(bob.enter())];
  await relayed.until(() => [annMe, bobMe].every(({ status }) => status.value.seen === 'shown'), 5_000);
  const walk = async (me: Me, from: number, ms: number): Promise<number> => {
    for (let since = 0; since < ms; since += 25) {
      me.pose({ body: there(from + (1.4 * since) / 1000), state: 'walk' });
      await twin.timers.advance(25);
    }
    return from + (1.4 * (ms - 25)) / 1000;
  };
  return { relayed, annMe, bobMe, walk };
}

describe('people in a world', () => {
  test('[AV22] see each other walk, smoothly and a little late, and stand where they stopped; the graph hears nothing', async () => {
    const { relayed, annMe, walk } = await setting();
    const { ann, bob, twin } = relayed;
    const hash = ann.hash();
    await walk(annMe, 0, 2_000);
    const shown: number[] = [];
    for (let since = 0; since < 4_000; since += 25) {
      annMe.pose({ body: there((1.4 * (since + 2_000)) / 1000), state: 'walk' });
      await twin.timers.advance(25);
      shown.push(x(bob, ann) ?? Number.NaN);
    }
    const steps = shown.slice(1).map((each, at) => each - (shown[at] ?? 0));
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...steps)).toBeLessThan(2 * 1.4 * 0.025);
    const behindMs = ((6 * 1.4 - (shown.at(-1) ?? 0)) / 1.4) * 1000;
    expect(behindMs).toBeGreaterThan(20);
    expect(behindMs).toBeLessThan(200);
    expect(seen(bob, ann)).toMatchObject({ state: 'walk', speaking: false, role: 'owner' });
    annMe.pose({ body: there(9), speaking: true });
    await twin.timers.advance(1_000);
    expect([x(bob, ann), annMe.lastPose.body.position[0]]).toEqual([9, 9]);
    expect(seen(bob, ann)).toMatchObject({ state: 'stand', speaking: true });
    expect(seen(bob, ann)?.poseAt()?.body).toEqual(annMe.lastPose.body);
    expect([ann.hash(), bob.hash()]).toEqual([hash, hash]);
    await relayed.close();
  });

  test('[AV5] are where they are for whoever comes later, and spectators are seen by nobody', async () => {
    const { relayed, annMe } = await setting();
    const { ann, bob, cid, network, twin } = relayed;
    annMe.pose({ body: there(7), state: 'wave' });
    await twin.timers.advance(5_000);
    const arrived: Avatar[] = [];
    cid.on('arrived', (avatar) => arrived.push(avatar));
    network.cut(cid.userId);
    await relayed.until(() => cid.status.value.lane !== 'relay', 5_000);
    expect(cid.avatars.value).toEqual([]);
    await relayed.until(() => cid.status.value.lane === 'relay', 10_000);
    await relayed.until(() => x(cid, ann) !== undefined && seen(cid, bob) !== undefined, 300);
    expect([x(cid, ann), seen(cid, ann)?.state]).toEqual([7, 'wave']);
    expect(new Set(arrived.map(({ user }) => user))).toEqual(new Set([ann.userId, bob.userId]));
    expect([seen(ann, cid), cid.motion.me]).toEqual([undefined, null]);
    await relayed.close();
  });

  test('[AV12] are gone when they leave, within two seconds when nothing of them comes, and at once with the relay', async () => {
    const { relayed, annMe, bobMe } = await setting();
    const { ann, bob, relay, network, twin } = relayed;
    const departed: string[] = [];
    ann.on('departed', ({ user }) => departed.push(user));
    expect(x(ann, bob)).toBeDefined();
    bobMe.leave();
    expect(await relayed.until(() => seen(ann, bob) === undefined, 500)).toBeLessThan(200);
    const again = await twin.run(bob.enter());
    await relayed.until(() => seen(ann, bob) !== undefined, 2_000);
    network.block(bob.userId, laneUrl(relay.transport));
    expect(await relayed.until(() => seen(ann, bob) === undefined, GONE_MS)).toBeLessThanOrEqual(GONE_MS);
    expect(departed).toEqual([bob.userId, bob.userId]);
    network.unblockAll();
    await relayed.until(() => again.status.value.seen === 'shown' && seen(ann, bob) !== undefined, 30_000);
    relay.kill();
    await relayed.until(() => seen(ann, bob) === undefined, 200);
    expect([ann.avatars.value.map(({ own }) => own), annMe.status.value.seen]).toEqual([[true], 'away']);
    await relay.start();
    await relayed.until(() => seen(ann, bob) !== undefined && seen(bob, ann) !== undefined, 60_000);
    await relayed.close();
  });

  test('[AV18] who is handed something and does not keep it puts it down where it was', async () => {
    const { relayed, bobMe } = await setting();
    const { ann, bob, cid, twin } = relayed;
    const { value: chair } = ann.edit('add', (draft) => draft.add({ interact: { grabbable: true } }));
    const cidMe = await twin.run(cid.enter());
    await relayed.until(() => bob.get(chair) !== undefined && seen(bob, cid) !== undefined, 2_000);
    await twin.run(bobMe.grab(chair));
    bobMe.carry(there(13));
    await relayed.until(() => ann.motion.transformAt(chair)?.position[0] === 13, 1_000);
    expect(ann.get(chair)?.transform).toBeUndefined();
    expect([...ann.motion.moving()]).toEqual([chair]);
    await twin.run(bobMe.handOver(chair, seen(bob, cid) ?? expect.fail('nobody')));
    await relayed.until(() => ann.motion.holderOf(chair) === null, 5_000);
    await relayed.until(() => ann.get(chair)?.transform?.position[0] === 13, 1_000);
    expect([cidMe.carries, bobMe.carries, [...ann.motion.moving()]]).toEqual([[], [], []]);
    await relayed.close();
  });
});
