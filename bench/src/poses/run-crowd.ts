import type { ChildProcess } from 'node:child_process';
import type { RunningServer } from '../peers/run-system.ts';
import { coresBetween } from '../process/serve-parent.ts';
import { nextMessage, withProcess } from '../process/start-process.ts';
import { type CrowdJob, type CrowdReport, type CrowdStep, isCrowdReport } from './crowd-job.ts';

export interface StepReport extends CrowdReport {
  /** What the process of the server used, all its threads together. */
  readonly serverCores: number;
}

/** A crowd that walks on a server, in a process of its own. */
export interface RunningCrowd {
  /**
   * What came of it; `null` where nothing did in time: nobody comes in any more, or the server answers nothing.
   *
   * @param stallMs how long the server stands still in the middle of it; 0: not at all
   */
  step(step: CrowdStep, stallMs?: number): Promise<StepReport | null>;
}

/** How long a step may take beyond what it has to. */
const PATIENCE_MS = 30_000;
/** The same for each who comes in. */
const PATIENCE_EACH_MS = 50;

export type CrowdOptions = Pick<CrowdJob, 'seed' | 'metres' | 'watchers' | 'nearest'>;

export function withCrowd<T>(
  server: RunningServer,
  options: CrowdOptions,
  use: (crowd: RunningCrowd) => Promise<T>,
): Promise<T> {
  const { system, setting, url, signal } = server;
  const job: CrowdJob = { ...options, adapter: system.adapter, setting, url };
  const module = new URL('crowd-process.ts', import.meta.url);
  return withProcess(module, job, { signal }, async (child) => {
    await nextMessage(child, ({ event }) => (event === 'ready' ? true : null));
    return use({ step: (step, stallMs = 0) => stepOf(server, child, step, stallMs) });
  });
}

async function stepOf(
  server: RunningServer,
  child: ChildProcess,
  step: CrowdStep,
  stallMs: number,
): Promise<StepReport | null> {
  const measured = measure(server, child, step, stallMs);
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const { movers, warmUpMs, windowMs } = step;
  const patienceMs = PATIENCE_MS + movers * PATIENCE_EACH_MS + warmUpMs + windowMs;
  const timer = setTimeout(() => resolve(null), patienceMs);
  try {
    return await Promise.race([measured, late]);
  } finally {
    clearTimeout(timer);
    // Where it was not waited for it fails with its processes.
    measured.catch(() => undefined);
  }
}

async function measure(
  server: RunningServer,
  child: ChildProcess,
  step: CrowdStep,
  stallMs: number,
): Promise<StepReport> {
  const begins = nextMessage(child, ({ event }) => (event === 'begins' ? true : null));
  const reported = nextMessage(child, ({ report }) => (isCrowdReport(report) ? report : null));
  // Both fail where the process ends, and only one of them is waited for at a time.
  reported.catch(() => undefined);
  child.send(step);
  await begins;
  const before = await server.cpu();
  if (stallMs > 0) setTimeout(() => void server.stall(stallMs).catch(() => undefined), step.windowMs / 2);
  const report = await reported;
  return { ...report, serverCores: coresBetween(before, await server.cpu()) };
}
