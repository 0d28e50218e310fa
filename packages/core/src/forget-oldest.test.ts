import { expect, test } from 'vitest';
import { forgetOldest } from './forget-oldest.ts';

test('what was put in first goes first, of a map and of a set, and nothing at the bound', () => {
  const map = new Map([
    ['b', 1],
    ['a', 2],
    ['c', 3],
  ]);
  forgetOldest(map, 3);
  expect([...map.keys()]).toEqual(['b', 'a', 'c']);
  forgetOldest(map, 2);
  expect([...map.keys()]).toEqual(['a', 'c']);
  const set = new Set([1, 2, 3, 4]);
  forgetOldest(set, 1);
  expect([...set]).toEqual([4]);
  forgetOldest(set, 0);
  expect(set.size).toBe(0);
});
