import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULT_INSTANCE, instancePaths } from './paths.ts';
import { processStart } from './process-identity.ts';
import { type Running, readRunning, releaseRunning } from './running.ts';
import { StackError } from './stack-error.ts';

const STOP_DEADLINE_MS = 30_000;
const POLL_INTERVAL_MS = 50;

/**
 * Ends the process that runs an instance, and with it everything it started; answers what it was, or null when
 * nothing ran. What has not ended in 30 s is killed.
 * @throws StackError `not-running` when it belongs to another user of this machine.
 */
export async function stopRunning(directory: string, instance = DEFAULT_INSTANCE): Promise<Running | null> {
  const paths = instancePaths(directory, instance);
  const running = await readRunning(paths.running);
  if (running === null) {
    await releaseRunning(paths.running);
    return null;
  }
  send(running, 'SIGTERM');
  const deadlineMs = performance.now() + STOP_DEADLINE_MS;
  while (await isStill(running)) {
    if (performance.now() > deadlineMs) {
      send(running, 'SIGKILL');
      break;
    }
    await delay(POLL_INTERVAL_MS);
  }
  await releaseRunning(paths.running);
  return running;
}

async function isStill({ pid, start }: Running): Promise<boolean> {
  return (await processStart(pid)) === start;
}

function send({ pid }: Running, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ESRCH') return;
    throw new StackError('not-running', {
      what: `Process ${pid} cannot be ended from here.`,
      hint: 'It belongs to another user: ask them, or use another copy of the repository.',
      cause,
    });
  }
}
