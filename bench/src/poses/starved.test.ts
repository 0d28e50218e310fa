import { expect, test } from 'vitest';
import { AROUND_METRES, starvedOf } from './starved.ts';

const at = (bytes: number, x: number, z = 0) => ({ bytes, x, z });

test('who reads less than half of what the others do is starved, where all are around all', () => {
  expect(starvedOf([at(100, 0), at(100, 5), at(50, AROUND_METRES), at(100, 8)])).toBe(0);
  expect(starvedOf([at(100, 0), at(100, 5), at(49, AROUND_METRES), at(100, 8)])).toBe(1);
  expect(starvedOf([at(100, 0), at(0, 5), at(0, 6), at(100, 8), at(100, 9)])).toBe(2);
});

test('who has fewer around them reads less, and is not', () => {
  const crowd = Array.from({ length: 9 }, (_, place) => at(900, place));
  expect(starvedOf([...crowd, at(100, 9 + AROUND_METRES)])).toBe(0);
  expect(starvedOf([...crowd, at(49, 9 + AROUND_METRES)])).toBe(1);
});
