import { expect, test } from 'vitest';
import { checkOneStall, checkStall, STALL_MS } from './check-stall.ts';

const calm = Array.from({ length: 98 }, () => 20);

test('a stall that shows is fine, however slow the system is otherwise', () => {
  expect(() => checkStall('weft', [...calm, 20 + STALL_MS, STALL_MS])).not.toThrow();
});

test('one that does not show voids the run, also where the median alone is above it', () => {
  expect(() => checkStall('weft', [...calm, 25, 25])).toThrow('weft: a stall of 200 ms shows as 5 ms');
  const slow = calm.map(() => 500);
  expect(() => checkStall('weft', [...slow, 600, 600])).toThrow('shows as 100 ms');
});

test('one figure a process is held against the least of the others', () => {
  expect(() => checkOneStall('weft', [90, 30], 30 + STALL_MS)).not.toThrow();
  expect(() => checkOneStall('weft', [90, 30], 100)).toThrow('the run is void');
});
