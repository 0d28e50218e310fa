import { describe, expect, test } from 'vitest';
import { memoryWorld } from '../../test/memory-world.ts';
import { seedPlaza } from '../../test/plaza.ts';
import { FREELY, MAX_TRIED_OBJECTS, movableBy } from './movable.ts';

function setting(role: 'visitor' | 'builder') {
  const world = memoryWorld({ seed: seedPlaza, role, durableAfterMs: 0 });
  const named = (name: string) =>
    [...world.objects()].find(({ node }) => node?.name === name) ?? expect.fail(name);
  return (...names: string[]) => movableBy((fn) => world.check(fn), names.map(named));
}

describe('what the gizmo may do', () => {
  test('is everything for a builder, but with what is locked, and then the reason is told', () => {
    const movable = setting('builder');
    expect(movable('Bench', 'Oak table')).toBe(FREELY);
    expect(movable('Vault')).toEqual({ modes: new Set(), why: 'Ask a steward to unlock it.' });
    expect(movable('Bench', 'Vault').modes.size).toBe(0);
    expect(movable()).toBe(FREELY);
  });

  test('is to move and to turn what is grabbable for a visitor, and nothing with the rest', () => {
    const movable = setting('visitor');
    expect(movable('Oak table')).toEqual({
      modes: new Set(['move', 'rotate']),
      why: 'Ask an owner of the world to make you a builder.',
    });
    expect(movable('Bench').modes.size).toBe(0);
    expect(movable('Oak table', 'Bench').modes.size).toBe(0);
  });

  test('is tried out for selections of a size that people make', () => {
    let tries = 0;
    const world = memoryWorld({ seed: seedPlaza });
    const [any] = [...world.objects()];
    const many = (count: number) => Array.from({ length: count }, () => any ?? expect.fail('an empty world'));
    for (const [count, expected] of [
      [MAX_TRIED_OBJECTS, 3],
      [MAX_TRIED_OBJECTS + 1, 0],
    ] as const) {
      tries = 0;
      movableBy(() => {
        tries += 1;
      }, many(count));
      expect(tries).toBe(expected);
    }
  });
});
