import { expect, test } from 'vitest';
import { joinBytes } from './join-bytes.ts';

test('parts follow each other in a copy of their own', () => {
  const part = Uint8Array.of(1, 2);
  const whole = joinBytes([part, new Uint8Array(0), Uint8Array.of(3), part.subarray(1)]);
  part.fill(9);
  expect([...whole]).toEqual([1, 2, 3, 2]);
  expect(joinBytes([]).length).toBe(0);
});
