import { systemTimers } from '@weft/matrix';
import { SeededRandom } from '@weft/testing';
import { expect, test } from 'vitest';
import { createRelayLog } from '../server/relay-log.ts';
import { MAX_WARM_UP_EDITS, warmUp } from './warm-up.ts';

const { bytes } = new SeededRandom('warm-up');

/** Sockets and timers of this process. */
function open(): number {
  return process.getActiveResourcesInfo().filter((name) => /TCP|Timeout/.test(name)).length;
}

const PATIENCE = { timeout: 15_000, interval: 10 };

function run(maxMs: number, maxEdits: number, lines: string[] = []): Promise<number> {
  const log = createRelayLog({
    ...{ level: 'info', users: 'plain', salt: bytes(16) },
    write: (line) => lines.push(line),
  });
  return warmUp({ maxMs, maxEdits, timers: systemTimers, random: bytes, log });
}

test('[LA2] a relay that warms up makes edits, says nothing, and leaves nothing open', async () => {
  const before = open();
  const lines: string[] = [];
  expect(await run(60_000, 50, lines)).toBe(50);
  await expect.poll(open, PATIENCE).toBe(before);
  expect(lines).toEqual([]);
});

test('[LA2] it is over in its time, however many edits were made', async () => {
  const before = open();
  expect(await run(1, MAX_WARM_UP_EDITS)).toBeLessThan(MAX_WARM_UP_EDITS);
  await expect.poll(open, PATIENCE).toBe(before);
});

test('[LA2] it ends before the next edits once it is not needed: somebody came', async () => {
  const before = open();
  let asked = 0;
  const log = createRelayLog({
    ...{ level: 'silent', users: 'plain', salt: bytes(16) },
    write: () => undefined,
  });
  const isNeeded = () => asked++ <= 10;
  expect(await warmUp({ maxMs: 60_000, isNeeded, timers: systemTimers, random: bytes, log })).toBe(20);
  await expect.poll(open, PATIENCE).toBe(before);
  expect(await warmUp({ maxMs: 60_000, isNeeded, timers: systemTimers, random: bytes, log })).toBe(0);
});

test('[LA2] without any time nothing is opened at all', async () => {
  const before = open();
  const over = run(0, MAX_WARM_UP_EDITS);
  expect(open()).toBe(before);
  expect(await over).toBe(0);
});
