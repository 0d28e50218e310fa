import { entriesOf, type ObjectId, parsePath, parseUserId, patchOf } from '@weft/core';
import type { Superseded } from '@weft/world';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type MemoryWorld, memoryWorld } from '../../test/memory-world.ts';
import { Studio } from './studio.ts';

const BOB = parseUserId('@bob:example.org');

let world: MemoryWorld;
let studio: Studio;

beforeEach(() => {
  vi.stubGlobal('document', { title: '' });
  world = memoryWorld({ durableAfterMs: null });
  studio = new Studio(world);
});

afterEach(() => vi.unstubAllGlobals());

const add = () => world.edit('x', (e) => e.add({ node: { name: 'Bench' }, light: { intensity: 3 } })).value;

/** That the value of a property, as it is now, gave way to another. */
function lostRace(id: ObjectId): Superseded {
  const path = parsePath('light.intensity');
  const registers = [...entriesOf(world.toPatch())].filter((one) => one.id === id && one.path === path);
  return {
    lost: registers.map(({ register }) => ({
      ...{ object: id, path, value: register.value },
      winner: { value: 9, authors: [BOB] },
    })),
    from: { toPatch: () => patchOf({ registers }), complete: false },
    objects: [id],
  };
}

describe('a change that gave way to a later one', () => {
  it('is told by names, and can be set again', () => {
    const id = add();
    const lost = lostRace(id);
    world.edit('theirs', (e) => e.set(id, { light: { intensity: 9 } }));
    world.tell('superseded', lost);
    expect(studio.toasts.list.value).toMatchObject([
      {
        tone: 'info',
        headline: 'Bob’s later change replaced yours',
        reason: '“Bench”: intensity',
        action: { label: 'Set mine again' },
      },
    ]);
    studio.toasts.list.value[0]?.action?.run();
    expect(world.get(id)?.light?.intensity).toBe(3);
  });

  it('is told once, however often it is said', () => {
    const lost = lostRace(add());
    world.tell('superseded', lost);
    world.tell('superseded', lost);
    expect(studio.toasts.list.value).toHaveLength(1);
  });

  it('is no race where others had it on the lane', () => {
    const id = add();
    const lost = lostRace(id);
    world.hold(id);
    world.tell('superseded', lost);
    expect(studio.toasts.list.value).toEqual([]);
    world.edit('mine', (e) => e.set(id, { light: { intensity: 4 } }));
    world.tell('superseded', lostRace(id));
    expect(studio.toasts.list.value).toHaveLength(1);
  });

  it('is one where a relay has it, and all saw the later one already', () => {
    const id = add();
    const lost = lostRace(id);
    world.edit('theirs', (e) => e.set(id, { light: { intensity: 9 } }));
    world.hold(id);
    world.tell('superseded', lost);
    expect(studio.toasts.list.value).toHaveLength(1);
  });
});
