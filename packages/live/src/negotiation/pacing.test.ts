import { expect, test } from 'vitest';
import {
  DRAIN_MS,
  deadlineMs,
  LOOK_AGAIN,
  pauseMs,
  RECONNECT,
  RECONNECT_SOON,
  REDISCOVER_MS,
  TICKET_DEADLINE,
} from './pacing.ts';

test('[LV1] waits double up to a bound, and spread by half', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 100].map((failures) => pauseMs('back-off', failures, 0));
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  expect(pauseMs('back-off', 1, 0.999)).toBeLessThanOrEqual(RECONNECT.firstMs * 1.5);
  expect(pauseMs('back-off', 100, 0, RECONNECT_SOON)).toBe(RECONNECT_SOON.maxMs);
  expect(pauseMs('drain', 1, 0)).toBe(DRAIN_MS);
  expect(pauseMs('less-often', 1, 0)).toBe(LOOK_AGAIN.firstMs);
  expect(pauseMs('less-often', 100, 0)).toBe(REDISCOVER_MS);
  expect(pauseMs('rarely', 1, 0)).toBe(REDISCOVER_MS);
});

test('[LV1] a slow step gets more time each time, up to a bound', () => {
  const times = [0, 1, 2, 3, 4, 1_000].map((failures) => deadlineMs(TICKET_DEADLINE, failures));
  expect(times).toEqual([2_500, 5_000, 10_000, 20_000, 20_000, 20_000]);
});

test('[LV1] a relay that was started again is asked within a second and a half', () => {
  for (const failures of [1, 2, 3, 4, 5, 50])
    expect(pauseMs('back-off', failures, 0.999, RECONNECT_SOON)).toBeLessThanOrEqual(1500);
});
