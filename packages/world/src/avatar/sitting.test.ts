import type { ObjectId } from '@weft/core';
import { describe, expect, test } from 'vitest';
import { RelayedWorlds } from '../../test/relayed-worlds.ts';
import type { World } from '../world.ts';
import type { Me } from './me.ts';
import { seatOf, sitterOf } from './seats.ts';
import type { Unseated } from './sitting.ts';

async function setting() {
  const relayed = await RelayedWorlds.open();
  const { ann, bob, twin } = relayed;
  const { value: seats } = ann.edit('furnish', (draft) =>
    [1, 2].map((x) => draft.add({ transform: { position: [x, 0, 0] }, seat: { offset: [0, 0.5, 0] } })),
  );
  await twin.timers.advance(10_000);
  const mes = new Map<World, Me>();
  for (const world of [ann, bob]) mes.set(world, await twin.run(world.enter()));
  const me = (world: World): Me => mes.get(world) ?? expect.fail('not in');
  const [first, second] = seats;
  if (first === undefined || second === undefined) expect.fail('no seats');
  const occupant = (world: World, id: ObjectId) => world.get(id)?.seat?.occupant;
  return { relayed, first, second, me, occupant };
}

describe('a seat', () => {
  test('[AV19] has one sitter for everybody, who is where the seat is and frees it by standing up', async () => {
    const { relayed, first, second, me, occupant } = await setting();
    const { ann, bob } = relayed;
    const edit = me(ann).sit(first);
    expect([edit.name, me(ann).seat, me(ann).lastPose.state]).toEqual(['sit', first, 'sit']);
    expect(me(ann).lastPose.body.position).toEqual([1, 0.5, 0]);
    await relayed.until(() => occupant(bob, first) === ann.userId, 1_000);
    const told: Unseated[] = [];
    me(ann).on('unseated', (unseated) => told.push(unseated));
    me(ann).sit(second);
    await relayed.until(() => occupant(bob, second) === ann.userId, 1_000);
    expect([occupant(bob, first), told]).toEqual([undefined, []]);
    me(ann).pose({ body: me(ann).lastPose.body });
    expect(me(ann).avatar.state).toBe('sit');
    expect(me(ann).stand()?.name).toBe('stand');
    expect([me(ann).stand(), me(ann).seat, me(ann).avatar.state]).toEqual([null, null, 'stand']);
    await relayed.until(() => occupant(bob, second) === undefined, 1_000);
    expect(() => me(ann).sit('nowhere')).toThrow(expect.objectContaining({ code: 'unknown-object' }));
    const { value: wall } = ann.edit('build', (draft) => draft.add({}));
    expect(() => me(ann).sit(wall)).toThrow(expect.objectContaining({ code: 'invalid-value' }));
    await relayed.close();
  });

  test('[AV19] on which two sit down at once has one sitter: the other is told and stands', async () => {
    const { relayed, first, me, occupant } = await setting();
    const { ann, bob, twin } = relayed;
    const told = new Map<World, Unseated[]>([
      [ann, []],
      [bob, []],
    ]);
    for (const world of [ann, bob]) me(world).on('unseated', (each) => told.get(world)?.push(each));
    me(ann).sit(first);
    me(bob).sit(first);
    await relayed.until(() => relayed.areEqual, 2_000);
    await twin.timers.advance(500);
    const winner = occupant(ann, first) === ann.userId ? ann : bob;
    const loser = winner === ann ? bob : ann;
    expect([ann, bob].map((world) => occupant(world, first))).toEqual([winner.userId, winner.userId]);
    expect([me(winner).seat, me(loser).seat]).toEqual([first, null]);
    expect([told.get(winner)?.length, told.get(loser)?.map(({ seat }) => seat)]).toEqual([0, [first]]);
    expect([me(winner).avatar.state, me(loser).avatar.state]).toEqual(['sit', 'stand']);
    await relayed.close();
  });

  test('[AV19] that is gone, or may not be taken, seats nobody', async () => {
    const { relayed, first, me } = await setting();
    const { ann, bob, cid, twin } = relayed;
    const told: Unseated[] = [];
    me(bob).on('unseated', (each) => told.push(each));
    me(bob).sit(first);
    ann.edit('away', (draft) => draft.remove(first));
    await relayed.until(() => told.length > 0, 1_000);
    expect([told, me(bob).seat]).toEqual([[{ seat: first, by: null }], null]);
    const visitor = await twin.run(cid.enter());
    expect(() => visitor.sit(first)).toThrow(expect.objectContaining({ code: 'unknown-object' }));
    await relayed.close();
  });

  test('[AV24] is taken by a visitor through a relay, who asks nothing of the room, and keeps it from others', async () => {
    const { relayed, first, second, me, occupant } = await setting();
    const { ann, bob, cid, relay, twin } = relayed;
    const visitor = await twin.run(cid.enter());
    await relayed.until(() => visitor.status.value.seen === 'shown', 1_000);
    const writes = twin.writes();
    const edit = visitor.sit(first);
    await relayed.until(() => ann.motion.sitterOf(first) === cid.userId, 1_000);
    await twin.run(edit.held);
    await twin.timers.advance(1_000);
    expect([twin.writes(), relay.world.adopted.length]).toEqual([writes, 1]);
    expect(() => me(bob).sit(first)).toThrow(expect.objectContaining({ code: 'held' }));
    visitor.stand();
    await relayed.until(() => occupant(ann, first) === undefined, 1_000);
    relay.kill();
    await relayed.until(() => cid.status.value.lane === 'matrix', 30_000);
    expect(() => visitor.sit(second)).toThrow(expect.objectContaining({ code: 'read-only' }));
    expect([visitor.seat, occupant(cid, second)]).toEqual([null, undefined]);
    await relayed.close();
  });

  test('[AV24] that somebody took a moment before is not left for; whoever comes too late stands, and frees where they sat', async () => {
    const { relayed, first, second, me, occupant } = await setting();
    const { bob, cid, twin } = relayed;
    const visitor = await twin.run(cid.enter());
    await relayed.until(() => visitor.status.value.seen === 'shown', 1_000);
    visitor.sit(first);
    await relayed.until(() => occupant(bob, first) === cid.userId, 1_000);
    const told: Unseated[] = [];
    visitor.on('unseated', (unseated) => told.push(unseated));
    me(bob).sit(second);
    const { replica } = relayed.relay.world;
    await twin.until(() => replica.scene.get(second)?.seat?.occupant === bob.userId, {
      withinMs: 100,
      stepMs: 1,
      why: () => 'bob was not heard',
    });
    expect(occupant(cid, second)).toBeUndefined();
    visitor.sit(second);
    await relayed.until(() => told.length > 0, 2_000);
    expect(told).toEqual([{ seat: second, by: bob.userId }]);
    expect([visitor.seat, visitor.lastPose.state]).toEqual([null, 'stand']);
    await relayed.until(() => relayed.areEqual, 1_000);
    for (const world of relayed.all)
      expect([first, second].map((id) => occupant(world, id))).toEqual([undefined, bob.userId]);
    await relayed.close();
  });

  test('[AV20] counts its sitter only while that one is there, and nobody has to tidy up after who is not', async () => {
    const { relayed, first, second, occupant } = await setting();
    const { ann, bob } = relayed;
    ann.edit('claim', (draft) => draft.set(first, { seat: { occupant: '@gone:twin.test' } }));
    const seat = ann.get(first) ?? expect.fail('no seat');
    expect(sitterOf(seat, new Set([ann.userId, bob.userId]))).toBeNull();
    expect(ann.motion.sitterOf(first)).toBeNull();
    const me = ann.motion.me ?? expect.fail('not in');
    me.sit(first);
    expect([ann.motion.sitterOf(first), seatOf(ann.objects(), ann.userId)]).toEqual([ann.userId, first]);
    me.sit(second);
    me.leave();
    await relayed.until(() => occupant(bob, second) === undefined, 1_000);
    expect([ann.motion.sitterOf(second), seatOf(ann.objects(), ann.userId)]).toEqual([null, null]);
    await relayed.close();
  });
});
