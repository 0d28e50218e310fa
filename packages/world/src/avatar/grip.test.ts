import type { ObjectId } from '@weft/core';
import { describe, expect, test } from 'vitest';
import { RelayedWorlds } from '../../test/relayed-worlds.ts';
import { TwinWorlds } from '../../test/twin-worlds.ts';
import type { World } from '../world.ts';
import type { LostGrip } from './grip.ts';
import type { Me } from './me.ts';

const UPRIGHT = [0, 0, 0, 1] as const;
const there = (x: number) => ({ position: [x, 0, 0] as const, rotation: UPRIGHT });

/** Three people in a world with a chair on a cart that stands at x = 10. */
async function setting() {
  const relayed = await RelayedWorlds.open();
  const { ann, bob, cid, twin } = relayed;
  const { value: chair } = ann.edit('furnish', (draft) => {
    const cart = draft.add({ transform: { position: [10, 0, 0] } });
    return draft.add({ parent: cart, transform: { position: [0, 0, 0] }, interact: { grabbable: true } });
  });
  await twin.timers.advance(10_000);
  const mes = new Map<World, Me>();
  for (const world of [ann, bob, cid]) mes.set(world, await twin.run(world.enter()));
  const me = (world: World): Me => mes.get(world) ?? expect.fail('not in');
  const x = (world: World) => world.get(chair)?.worldMatrix[12];
  const grab = (world: World) => twin.run(me(world).grab(chair));
  return { relayed, chair, me, x, grab };
}

const codeOf = (relayed: { twin: TwinWorlds }, promise: Promise<unknown>) =>
  relayed.twin.errorOf(promise).then((error) => Object(error).code);

describe('what somebody carries', () => {
  test('[AV16] is theirs at once, and put down by one edit that others see and undo takes back', async () => {
    const { relayed, chair, me, x, grab } = await setting();
    const { ann, bob, twin } = relayed;
    const asked = me(bob).grab(chair);
    expect(me(bob).carry(there(12))).toBe(true);
    expect([bob.motion.transformAt(chair)?.position[0], x(bob)]).toEqual([12, 10]);
    await twin.run(asked);
    expect([ann, bob].map((world) => world.motion.holderOf(chair))).toEqual([bob.userId, bob.userId]);
    for (let step = 0; step < 20; step += 1) {
      me(bob).carry(there(12 + step / 10));
      await twin.timers.advance(50);
    }
    const steps = bob.hash();
    expect([ann.hash(), bob.canUndo]).toEqual([steps, false]);
    const edit = await twin.run(me(bob).release());
    expect(edit?.name).toBe('carry');
    await relayed.until(() => Math.abs((x(ann) ?? 0) - 13.9) < 0.01, 1_000);
    expect(ann.get(chair)?.transform?.position[0]).toBeCloseTo(3.9, 2);
    expect([bob.motion.transformAt(chair), me(bob).carries]).toEqual([null, []]);
    await relayed.until(() => ann.motion.holderOf(chair) === null, 1_000);
    expect(bob.undo()).toBe(true);
    await relayed.until(() => x(ann) === 10, 1_000);
    expect(bob.canUndo).toBe(false);
    await grab(ann);
    await relayed.close();
  });

  test('[AV17] is had by one: the other is told who has it, and it goes back where it was', async () => {
    const { relayed, chair, me, x } = await setting();
    const { ann, bob, twin } = relayed;
    const [first, second] = [me(ann).grab(chair), me(bob).grab(chair)];
    me(ann).carry(there(1));
    me(bob).carry(there(2));
    const outcomes = await twin.run(Promise.allSettled([first, second]));
    const [winner, loser] = outcomes[0].status === 'fulfilled' ? [ann, bob] : [bob, ann];
    const refused = outcomes.find(({ status }) => status === 'rejected');
    expect(refused).toMatchObject({ reason: { code: 'held', got: `one that ${winner.userId} holds` } });
    expect([me(loser).carries, me(loser).carry(there(3), chair), x(loser)]).toEqual([[], false, 10]);
    expect(me(winner).carries).toEqual([chair]);
    await expect(twin.run(me(loser).grab(chair))).rejects.toMatchObject({ code: 'held' });
    // A late edit of the loser is refused while the other holds it.
    const late = loser.edit('shove', (draft) => draft.set(chair, { transform: { position: [9, 9, 9] } }));
    expect(await codeOf(relayed, late.held)).toBe('forbidden');
    await relayed.close();
  });

  test('[AV17] goes to whoever has a greater priority; its holder is told by whom, and does not put it down', async () => {
    const { relayed, chair, me, x, grab } = await setting();
    const { ann, bob, twin } = relayed;
    const lost: LostGrip[] = [];
    me(ann).on('lost', (each) => lost.push(each));
    await grab(ann);
    me(ann).carry(there(1));
    await twin.run(me(bob).grab(chair, { priority: 1 }));
    await relayed.until(() => lost.length > 0, 1_000);
    expect(lost).toEqual([{ object: chair, by: bob.userId, putDown: false }]);
    expect([x(ann), me(ann).carries, await twin.run(me(ann).release(chair))]).toEqual([10, [], null]);
    await relayed.close();
  });

  test('[AV17] is put down where it is when the relay is lost, by the one who held it', async () => {
    const { relayed, chair, me, x, grab } = await setting();
    const { ann, bob, relay, twin } = relayed;
    const lost: LostGrip[] = [];
    me(bob).on('lost', (each) => lost.push(each));
    await grab(bob);
    me(bob).carry(there(14));
    relay.kill();
    await relayed.until(() => lost.length > 0, 5_000);
    expect(lost).toEqual([{ object: chair, by: null, putDown: true }]);
    expect(x(bob)).toBeCloseTo(14);
    await relayed.until(() => x(ann) === 14, 30_000);
    expect(await codeOf(relayed, me(bob).grab(chair))).toBe('no-relay');
    expect(twin.timers.pending).toBeGreaterThan(0);
    await relayed.close();
  });

  test('[AV17] is put down by a visitor too, and seen by others when a relay is back to bring it to the room', async () => {
    const { relayed, chair, me, x, grab } = await setting();
    const { ann, cid, relay } = relayed;
    const lost: LostGrip[] = [];
    me(cid).on('lost', (each) => lost.push(each));
    await grab(cid);
    me(cid).carry(there(14));
    relay.kill();
    await relayed.until(() => lost.length > 0, 5_000);
    expect(lost).toEqual([{ object: chair, by: null, putDown: true }]);
    expect([x(cid), x(ann)]).toEqual([14, 10]);
    await relay.start();
    await relayed.until(() => x(ann) === 14, 60_000);
    await relayed.close();
  });

  test('[AV18] is handed over without a gap', async () => {
    const { relayed, chair, me, grab } = await setting();
    const { ann, bob, cid, twin } = relayed;
    const toBob = me(bob).avatar;
    const given: ObjectId[] = [];
    me(bob).on('handed', ({ object, keep }) => {
      given.push(object);
      keep();
    });
    await grab(ann);
    me(ann).carry(there(12));
    await twin.timers.advance(200);
    await twin.run(me(ann).handOver(chair, toBob));
    await relayed.until(() => me(bob).carries.length > 0, 1_000);
    expect([given, me(ann).carries]).toEqual([[chair], []]);
    expect([ann, bob, cid].map((world) => world.motion.holderOf(chair))).toEqual([
      bob.userId,
      bob.userId,
      bob.userId,
    ]);
    await expect(twin.run(me(ann).handOver(chair, toBob))).rejects.toMatchObject({ code: 'held' });
    await relayed.close();
  });

  test('[AV18] is put down by who leaves, and by who closes the world', async () => {
    const { relayed, chair, me, x, grab } = await setting();
    const { ann, bob, twin } = relayed;
    await grab(bob);
    me(bob).carry(there(15));
    me(bob).leave();
    me(bob).leave();
    await relayed.until(() => x(ann) === 15, 1_000);
    await relayed.until(() => ann.motion.holderOf(chair) === null, 1_000);
    expect(() => me(bob).pose({ body: there(1) })).toThrow(expect.objectContaining({ code: 'closed' }));
    await grab(ann);
    me(ann).carry(there(16));
    await twin.run(ann.close());
    await relayed.until(() => x(bob) === 16, 1_000);
    await relayed.close();
  });

  test('[AV16] that is not moved, not held, not there or not allowed is no edit and no lease', async () => {
    const { relayed, chair, me, grab } = await setting();
    const { ann, bob, cid, twin } = relayed;
    await grab(bob);
    expect(await twin.run(me(bob).release())).toBeNull();
    expect(await twin.run(me(bob).release(chair))).toBeNull();
    expect(await codeOf(relayed, me(bob).grab('nothing-there'))).toBe('unknown-object');
    expect(await codeOf(relayed, me(bob).grab('not an id'))).toBe('invalid-id');
    const { value: wall } = ann.edit('build', (draft) => draft.add({}));
    await relayed.until(() => cid.get(wall) !== undefined, 1_000);
    expect(await codeOf(relayed, me(cid).grab(wall))).toBe('forbidden');
    await grab(bob);
    expect(() => me(bob).carry({ position: [Number.NaN, 0, 0], rotation: UPRIGHT })).toThrow(/finite/);
    ann.edit('away', (draft) => draft.remove(chair));
    await relayed.until(() => bob.get(chair) === undefined, 1_000);
    me(bob).carry(there(1));
    expect(await twin.run(me(bob).release())).toBeNull();
    await relayed.close();
  });

  test('[AV16] without a lane nothing is carried, and the reason is given', async () => {
    const twin = new TwinWorlds();
    const world = await twin.create('ann');
    const { value: chair } = world.edit('add', (draft) => draft.add({}));
    const me = await twin.run(world.enter());
    expect(await codeOf({ twin }, me.grab(chair))).toBe('no-relay');
    me.pose({ body: there(3), state: 'walk' });
    expect(world.avatars.value.map(({ own, state }) => [own, state])).toEqual([[true, 'walk']]);
    expect(() => me.pose({ body: there(Number.NaN) })).toThrow(
      expect.objectContaining({ code: 'invalid-value' }),
    );
    expect(me.status.value.detail).toMatch(/nobody sees this avatar/);
    expect(await codeOf({ twin }, world.enter())).toBe('limit');
    await twin.run(world.close());
    expect(world.avatars.value).toEqual([]);
    expect(await codeOf({ twin }, world.enter())).toBe('closed');
  });
});
