import { setTimeout as delay } from 'node:timers/promises';

const EVERY_MS = 25;
const WITHIN_MS = 30_000;

export interface UntilOptions {
  /** What is waited for, in words. Default: the condition as it is written. */
  readonly what?: string;
  /** Default: 30 s. */
  readonly withinMs?: number | undefined;
  /** How often it is looked. Default: 25 ms. */
  readonly everyMs?: number;
}

/** Waits for something to become so, and says how long it took; fails with what it waited for. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  { what = String(isSo), withinMs = WITHIN_MS, everyMs = EVERY_MS }: UntilOptions = {},
): Promise<number> {
  const startMs = performance.now();
  while (!(await isSo())) {
    if (performance.now() - startMs > withinMs) throw new Error(`Waited ${withinMs} ms in vain: ${what}`);
    await delay(everyMs);
  }
  return performance.now() - startMs;
}
