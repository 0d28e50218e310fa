import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Type, { type Static } from 'typebox';
import { readJson, writeJson } from '../stack/json-file.ts';
import { processStart } from '../stack/process-identity.ts';

const RunningRelay = Type.Object({
  pid: Type.Integer({ minimum: 1 }),
  /** Tells the process from a later one that was given the same number. */
  start: Type.String(),
  url: Type.String(),
});

/** The relay that has a directory now. */
export type RunningRelay = Static<typeof RunningRelay>;

const FILE = 'running.json';
const POLL_MS = 50;

/** Says which process runs the relay of a directory, for `weft relay drain`. */
export async function noteRunning(directory: string, url: string): Promise<void> {
  const start = (await processStart(process.pid)) ?? '';
  await writeJson(join(directory, FILE), { pid: process.pid, start, url } satisfies RunningRelay);
}

export async function forgetRunning(directory: string): Promise<void> {
  await rm(join(directory, FILE), { force: true });
}

/** The live relay of a directory; `null` where there is none, whatever a dead one left behind. */
export async function findRunning(directory: string): Promise<RunningRelay | null> {
  const running = await readJson(join(directory, FILE), RunningRelay).catch(() => undefined);
  return running !== undefined && (await isThere(running)) ? running : null;
}

/** Asks a relay to drain, as SIGTERM does, and waits until it has ended. `false` where it has not in that time. */
export async function drainRunning(running: RunningRelay, withinMs: number): Promise<boolean> {
  process.kill(running.pid, 'SIGTERM');
  const deadlineMs = performance.now() + withinMs;
  while (await isThere(running)) {
    if (performance.now() > deadlineMs) return false;
    await delay(POLL_MS);
  }
  return true;
}

async function isThere({ pid, start }: RunningRelay): Promise<boolean> {
  return (await processStart(pid)) === start;
}
