import { type ChildProcess, fork } from 'node:child_process';
import { addCounts, type Counts, noCounts } from '../counts.ts';

export interface Batch {
  readonly from: number;
  readonly count: number;
}

export interface Failure {
  readonly seed: number;
  readonly violations: readonly string[];
}

export interface BatchResult {
  readonly count: number;
  readonly counts: Counts;
  readonly failures: Failure[];
  readonly cpuMs: number;
}

export interface CampaignResult {
  readonly schedules: number;
  readonly counts: Counts;
  readonly failures: readonly Failure[];
  readonly seconds: number;
  /** Of all processes, in seconds. */
  readonly cpuSeconds: number;
}

const BATCH = 20;

/** Runs a range of seeds in several processes, until it is done or stopped. */
export async function runCampaign(options: {
  readonly from: number;
  readonly seeds: number;
  readonly jobs: number;
  readonly signal: AbortSignal;
  readonly progress: (done: number, failures: readonly Failure[]) => void;
}): Promise<CampaignResult> {
  const { from, seeds, jobs, signal, progress } = options;
  const startedMs = performance.now();
  const counts = noCounts();
  const failures: Failure[] = [];
  let [next, done, cpuMs] = [from, 0, 0];
  const takeBatch = (): Batch | null => {
    const count = signal.aborted ? 0 : Math.min(BATCH, from + seeds - next);
    if (count <= 0) return null;
    next += count;
    return { from: next - count, count };
  };
  const take = (result: BatchResult): void => {
    done += result.count;
    cpuMs += result.cpuMs;
    addCounts(counts, result.counts);
    failures.push(...result.failures);
    progress(done, failures);
  };
  await Promise.all(Array.from({ length: jobs }, () => work(takeBatch, take, signal)));
  failures.sort((a, b) => a.seed - b.seed);
  const seconds = (performance.now() - startedMs) / 1000;
  return { schedules: done, counts, failures, seconds, cpuSeconds: cpuMs / 1000 };
}

async function work(
  takeBatch: () => Batch | null,
  take: (result: BatchResult) => void,
  signal: AbortSignal,
): Promise<void> {
  let batch = takeBatch();
  if (batch === null) return;
  const worker = fork(new URL('./worker.ts', import.meta.url), { execArgv: process.execArgv });
  const stop = (): void => void worker.kill();
  signal.addEventListener('abort', stop);
  try {
    for (; batch !== null; batch = takeBatch()) {
      const result = await answerOf(worker, batch);
      if (result === null) break;
      take(result);
    }
  } finally {
    signal.removeEventListener('abort', stop);
    worker.kill();
  }
  if (batch !== null && !signal.aborted) throw new Error(`a process died over the seeds from ${batch.from}`);
}

/** `null` where the worker is gone. */
function answerOf(worker: ChildProcess, batch: Batch): Promise<BatchResult | null> {
  return new Promise((resolve) => {
    const onExit = (): void => resolve(null);
    worker.once('exit', onExit);
    worker.once('message', (result) => {
      worker.off('exit', onExit);
      resolve(result as BatchResult);
    });
    worker.send(batch);
  });
}
