import { describe, expect, test } from 'vitest';
import { memoryWorld } from '../../test/memory-world.ts';
import { seedPlaza } from '../../test/plaza.ts';
import { Toasts } from './toasts.ts';
import { Walk } from './walk.ts';

function setting() {
  const world = memoryWorld({ seed: seedPlaza, durableAfterMs: 0 });
  const toasts = new Toasts(() => null);
  const walk = new Walk(world, toasts);
  const named = (name: string) =>
    [...world.objects()].find(({ node }) => node?.name === name) ?? expect.fail(name);
  return { world, walk, named };
}

describe('an avatar in studio', () => {
  test('[AV26] is offered what is within reach and free, the nearest first', async () => {
    const { walk, world, named } = setting();
    const bench = named('Bench');
    expect(walk.offerNear([0, 0, 30])).toBeNull();
    expect(walk.offerNear([0, 0, 6])).toEqual({ does: 'sit', id: bench.id, label: 'Sit on the bench' });
    expect(walk.offerNear([5, 0, 2])).toMatchObject({ does: 'take', label: 'Take Oak table' });
    world.edit('sit', (e) => e.set(bench.id, { seat: { occupant: '@bob:example.org' } }));
    expect(walk.offerNear([0, 0, 6])).toBeNull();
    expect(walk.offerOf(named('Ground').id)).toBeNull();
  });

  test('[AV26] sits, stands up, takes and puts down by one and the same key', async () => {
    const { walk, world, named } = setting();
    const [bench, table] = [named('Bench').id, named('Oak table').id];
    await walk.enter();
    walk.offer.value = walk.offerOf(bench);
    walk.act();
    expect([walk.seat.value, world.get(bench)?.seat?.occupant]).toEqual([bench, world.userId]);
    walk.act();
    expect([walk.seat.value, world.get(bench)?.seat?.occupant]).toEqual([null, undefined]);
    walk.offer.value = walk.offerOf(table);
    let lowered = 0;
    walk.lower = () => {
      lowered += 1;
    };
    walk.act();
    expect([walk.carried.value, lowered]).toEqual([table, 0]);
    walk.act();
    expect([walk.carried.value, lowered]).toEqual([null, 1]);
  });

  test('[AV26] says so while nobody sees it, and leaves nothing on when it leaves', async () => {
    const { walk, world } = setting();
    await walk.enter();
    expect(walk.unseen.value).toBe('Nobody is here.');
    expect(world.motion.avatars.value.some(({ own }) => own)).toBe(true);
    walk.leave();
    expect([walk.me.value, walk.unseen.value, walk.offer.value]).toEqual([null, null, null]);
    expect(world.motion.avatars.value.some(({ own }) => own)).toBe(false);
  });
});
