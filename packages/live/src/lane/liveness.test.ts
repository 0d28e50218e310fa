import { FakeTimers } from '@weft/testing';
import { expect, test } from 'vitest';
import { GRACE_MS, Liveness, PING_MS, SILENCE_MS } from './liveness.ts';

function watch() {
  const timers = new FakeTimers();
  const seen = { pings: 0, silentAtMs: null as number | null };
  const startMs = timers.now();
  const liveness = new Liveness({
    timers,
    ping: () => {
      seen.pings += 1;
    },
    silent: () => {
      seen.silentAtMs = timers.now() - startMs;
    },
  });
  liveness.start();
  return { timers, seen, liveness };
}

test('[LV4] a silent connection is found dead within four seconds, and told once', async () => {
  const { timers, seen } = watch();
  await timers.advance(60_000);
  expect(seen.silentAtMs).toBe(SILENCE_MS + GRACE_MS);
  expect(timers.pending).toBe(0);
});

test('[LV4] whatever is heard shows life; death is counted from the next question on', async () => {
  const { timers, seen, liveness } = watch();
  for (let at = 0; at < 100; at += 1) {
    await timers.advance(900);
    liveness.heard();
  }
  expect(seen.silentAtMs).toBeNull();
  const lastMs = 90_000;
  await timers.advance(60_000);
  expect(seen.silentAtMs).toBeLessThanOrEqual(lastMs + PING_MS + SILENCE_MS + GRACE_MS);
});

test('[LV4] a program that was busy reads what waited before it gives up', async () => {
  const { timers, seen, liveness } = watch();
  await timers.advance(SILENCE_MS);
  liveness.heard();
  await timers.advance(GRACE_MS);
  expect(seen.silentAtMs).toBeNull();
});

test('[LV4] asks once a second, and nothing runs after it was stopped', async () => {
  const { timers, seen, liveness } = watch();
  expect(seen.pings).toBe(1);
  await timers.advance(PING_MS);
  expect(seen.pings).toBe(2);
  liveness.stop();
  expect(timers.pending).toBe(0);
});
