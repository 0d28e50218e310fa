import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 25;
const DEFAULT_TIMEOUT_MS = 30_000;

/** Waits for something to become so, and says how long it took; fails with what it waited for. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  timeoutMs = DEFAULT_TIMEOUT_MS,
): Promise<number> {
  const startMs = performance.now();
  while (!(await isSo())) {
    if (performance.now() - startMs > timeoutMs) throw new Error(`Waited ${timeoutMs} ms in vain: ${what}`);
    await delay(POLL_MS);
  }
  return performance.now() - startMs;
}
