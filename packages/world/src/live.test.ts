import { describe, expect, test } from 'vitest';
import { TwinWorlds } from '../test/twin-worlds.ts';
import type { World } from './world.ts';

const addLamp = (world: World, name: string) =>
  world.edit('add', (draft) => draft.add({ node: { name, kind: 'lamp' } })).value;

describe('world.live', () => {
  test('follows edits of this client and of others, in the same transaction', async () => {
    const twin = new TwinWorlds();
    const { ann, bob } = await twin.three();
    const live = bob.live({ kind: 'lamp', sort: { 'node.name': 1 } });
    const told: unknown[] = [];
    live.on('enter', ({ node }) => told.push(['enter', node?.name]));
    live.on('change', ({ object, paths, origin }) => told.push(['change', object.node?.name, paths, origin]));
    live.on('leave', (id) => told.push(['leave', id]));
    let current = 0;
    bob.on('change', () => {
      current += Number(
        live.value.length === [...bob.objects()].filter(({ node }) => node?.kind === 'lamp').length,
      );
    });
    const own = addLamp(bob, 'B');
    expect(live.value.map(({ node }) => node?.name)).toEqual(['B']);
    expect(told).toEqual([['enter', 'B']]);
    expect(current).toBe(1);

    const other = ann.edit('add', (draft) => draft.add({ node: { name: 'A', kind: 'lamp' } }));
    await twin.run(other.durable);
    await twin.timers.advance(1_000);
    expect(live.value.map(({ node }) => node?.name)).toEqual(['A', 'B']);
    bob.edit('rename', (draft) => draft.set(own, { node: { name: '0' } }));
    expect(live.ids).toEqual([own, other.value]);
    bob.undo();
    bob.edit('remove', (draft) => draft.remove(own));
    expect(told.slice(1)).toEqual([
      ['enter', 'A'],
      ['change', '0', ['node.name'], 'local'],
      ['change', 'B', ['node.name'], 'undo'],
      ['leave', own],
    ]);
  });

  test('a listener may edit: everybody is told in order, of objects as they were', async () => {
    const twin = new TwinWorlds();
    const world = await twin.create('ann');
    const live = world.live({ kind: 'lamp' });
    const told: string[] = [];
    live.on('enter', ({ id, node }) => {
      if (node?.name === 'first') world.edit('remove', (draft) => draft.remove(id));
    });
    live.on('enter', ({ node }) => told.push(`enter ${node?.name}`));
    live.on('leave', () => told.push('leave'));
    live.subscribe(() => told.push(`${live.value.length} left`));
    addLamp(world, 'first');
    expect(told).toEqual(['enter first', '0 left', 'leave', '0 left']);
  });

  test('gives deltas to a loop, and ends with the world', async () => {
    const twin = new TwinWorlds();
    const world = await twin.create('ann');
    const live = world.live({ select: '.lit' });
    const read: string[][] = [];
    const loop = (async () => {
      for await (const { enter, leave, change } of live)
        read.push([`${enter.length} enter`, `${leave.length} leave`, `${change.size} change`]);
    })();
    const id = addLamp(world, 'Lamp');
    world.edit('light', (draft) => draft.set(id, { node: { tags: ['lit'] } }));
    world.edit('rename', (draft) => draft.set(id, { node: { name: 'Lit' } }));
    world.edit('dark', (draft) => draft.set(id, { node: { tags: [] } }));
    await twin.run(world.close());
    await loop;
    expect(read).toEqual([
      ['1 enter', '0 leave', '0 change'],
      ['0 enter', '0 leave', '1 change'],
      ['0 enter', '1 leave', '0 change'],
    ]);
    expect(live.value).toEqual([]);
  });

  test('tells that it would cost too much, and stops', async () => {
    const twin = new TwinWorlds();
    const world = await twin.create('ann');
    const live = world.live({ select: '.lit + .lamp' }, { maxCost: 20 });
    const errors: string[] = [];
    live.on('error', ({ code }) => errors.push(code));
    world.edit('add', (draft) => {
      for (let at = 0; at < 10; at++) draft.add({ node: { tags: ['lamp', 'lit'] } });
    });
    world.edit('add', (draft) => draft.add({ node: { tags: ['lamp'] } }));
    expect(errors).toEqual(['limit']);
  });

  test('stops at once when asked to', async () => {
    const twin = new TwinWorlds();
    const world = await twin.create('ann');
    const live = world.live({ kind: 'lamp' });
    live.stop();
    live.stop();
    addLamp(world, 'Lamp');
    expect(live.value).toEqual([]);
  });
});
