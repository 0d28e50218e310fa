import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

const limits = { framesPerSecond: 100, frameBurst: 200, bytesPerSecond: 1_000_000, patchBytes: 200_000 };

/** Sends as fast as it may for a while. @returns when each frame went */
function send(count: number, bytes: number): number[] {
  const at = { ms: 0 };
  const pace = new Pace(limits, () => at.ms);
  return Array.from({ length: count }, () => {
    for (let waitMs = pace.waitMs(bytes); waitMs > 0; waitMs = pace.waitMs(bytes)) at.ms += waitMs;
    pace.take(bytes);
    return at.ms;
  });
}

/** Whether a bucket of the relay would let all of it through. */
function isWithin(times: readonly number[], perSecond: number, burst: number, size: number): boolean {
  let tokens = burst;
  let lastMs = 0;
  return times.every((ms) => {
    tokens = Math.min(burst, tokens + ((ms - lastMs) * perSecond) / 1000) - size;
    lastMs = ms;
    return tokens >= 0;
  });
}

test('[LV7] a client stays within what its relay allows, by frames and by bytes', () => {
  const small = send(1_000, 100);
  expect(small[100]).toBe(0);
  expect(isWithin(small, limits.framesPerSecond, limits.frameBurst, 1)).toBe(true);
  const large = send(50, limits.patchBytes);
  expect(isWithin(large, limits.bytesPerSecond, limits.bytesPerSecond, limits.patchBytes)).toBe(true);
});

test('[LV7] it uses three quarters of it, and waits no longer than it must', () => {
  const times = send(1_000, 100);
  const seconds = (times.at(-1) ?? 0) / 1000;
  expect(seconds).toBeGreaterThan((1_000 - 150) / 80);
  expect(seconds).toBeLessThan((1_000 - 150) / 70);
});

test('[LV7] what is larger than all that is allowed at once goes when nothing else went for long', () => {
  const at = { ms: 0 };
  const pace = new Pace({ ...limits, bytesPerSecond: 10, patchBytes: 20 }, () => at.ms);
  expect(pace.waitMs(1_000)).toBe(0);
  pace.take(1_000);
  expect(pace.waitMs(10)).toBeGreaterThan(100_000);
});
