import { type ObjectId, ROOT } from '@weft/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { memoryWorld } from '../../test/memory-world.ts';
import type { StudioWorld } from './studio-world.ts';
import { ancestorsOf, kindOf, nameOf, topmost, treeRows } from './tree-rows.ts';

let world: StudioWorld;
let ids: Record<'house' | 'room' | 'lamp' | 'tree', ObjectId>;

beforeEach(() => {
  world = memoryWorld({ durableAfterMs: 0 });
  ids = world.edit('furnish', (e) => {
    const house = e.add({ node: { name: 'House' } });
    const room = e.add({ parent: house, node: { name: 'Room', kind: 'room' } });
    const lamp = e.add({ parent: room, node: { name: 'Lamp', tags: ['brass'] }, light: { type: 'point' } });
    const tree = e.add({ primitive: { shape: 'cone' } });
    return { house, room, lamp, tree };
  }).value;
});

const names = (open: readonly ObjectId[], search = '') =>
  treeRows(world, new Set(open), search).map(({ name, depth }) => `${'-'.repeat(depth)}${name}`);

describe('the lines of the outline', () => {
  it('are what is open, in order and depth', () => {
    expect(names([])).toEqual(['House', 'cone']);
    expect(names([ids.house])).toEqual(['House', '-Room', 'cone']);
    expect(names([ids.house, ids.room])).toEqual(['House', '-Room', '--Lamp', 'cone']);
  });

  it('say where among its siblings each one stands', () => {
    expect(treeRows(world, new Set(), '').map(({ place, siblings }) => [place, siblings])).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  it('show matches of a search with the way to them, opened or not', () => {
    expect(names([], 'LAMP')).toEqual(['House', '-Room', '--Lamp']);
    expect(names([], 'brass')).toEqual(['House', '-Room', '--Lamp']);
    expect(names([], 'room')).toEqual(['House', '-Room']);
    expect(names([], 'nothing of that sort')).toEqual([]);
    expect(names([], '   ')).toEqual(['House', 'cone']);
  });

  it('call a leaf closed, however often it was opened', () => {
    expect(treeRows(world, new Set([ids.tree]), '').at(-1)).toMatchObject({ open: false, children: 0 });
  });
});

describe('objects in the outline', () => {
  it('are called by their names, else by what they are', () => {
    const object = (id: ObjectId) => world.get(id) ?? expect.fail('no object');
    expect([ids.house, ids.lamp, ids.tree].map((id) => kindOf(object(id)))).toEqual([
      'group',
      'light',
      'primitive',
    ]);
    expect(nameOf(object(ids.tree))).toBe('cone');
  });

  it('know their ancestors from the parent up', () => {
    expect(ancestorsOf(world, ids.lamp)).toEqual([ids.room, ids.house]);
    expect(ancestorsOf(world, ids.house)).toEqual([]);
  });

  it('leave out of a selection what an ancestor in it takes along', () => {
    expect(topmost(world, [ids.lamp, ids.house, ids.tree])).toEqual([ids.house, ids.tree]);
    expect(world.children(ROOT)).toHaveLength(2);
  });
});
