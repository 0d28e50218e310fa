import { type ChildProcess, fork } from 'node:child_process';
import { isRecord, JOB_VARIABLE } from '../record/process-report.ts';

/**
 * A fresh process of the workload; whoever starts it ends it. It is no member of the terminal's group: Ctrl-C is for the
 * one that measures, which ends the others in its own order. Its module ends by itself when this process is gone.
 */
export function startProcess(module: URL, job: object): ChildProcess {
  return fork(module, {
    env: { ...process.env, [JOB_VARIABLE]: JSON.stringify(job) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    detached: true,
  });
}

/** A fresh process for as long as `use` takes; it is ended at once where somebody stops the run. */
export async function withProcess<T>(
  module: URL,
  job: object,
  { signal }: { readonly signal: AbortSignal },
  use: (child: ChildProcess) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const child = startProcess(module, job);
  const stop = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop);
  try {
    return await use(child);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

/** The first message that this makes something of. @throws Error where the process ends before */
export function nextMessage<T>(
  child: ChildProcess,
  read: (message: Readonly<Record<string, unknown>>) => T | null,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown): void => {
      const found = isRecord(message) ? read(message) : null;
      if (found === null) return;
      stop();
      resolve(found);
    };
    const onExit = (code: number | null, by: string | null): void => {
      stop();
      reject(new Error(`a process of the workload ended (${by ?? code})`));
    };
    const stop = (): void => {
      child.off('message', onMessage);
      child.off('error', reject);
      child.off('exit', onExit);
    };
    child.on('message', onMessage);
    child.on('error', reject);
    child.on('exit', onExit);
  });
}

/** Ends a process as a power cut would; resolves when it is gone. */
export function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}
