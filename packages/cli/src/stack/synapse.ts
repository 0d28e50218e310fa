import { open, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { EXIT_LOCKED, type Exit, type GuardedProcess, startGuarded } from './guarded-process.ts';
import type { InstancePaths } from './paths.ts';
import { alreadyRunning } from './running.ts';
import { StackError } from './stack-error.ts';
import { untilAnswers } from './until-answers.ts';

const WATCHDOG_SCRIPT = fileURLToPath(new URL('watchdog.py', import.meta.url));
/** The Synapse of a parent that was just killed needs a moment to end. */
const LOCK_WAIT_S = 15;
const BOOT_DEADLINE_MS = 90_000;
const STOP_GRACE_MS = 15_000;
const MAX_TAIL_LINES = 12;

export interface Synapse {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  stop(): Promise<void>;
  /** By force, at once. */
  kill(): Promise<void>;
}

/**
 * Starts Synapse and waits until it answers.
 * @throws StackError `boot-failed` with the last log lines, `already-running`, or `aborted`.
 */
export async function bootSynapse(
  python: string,
  paths: InstancePaths,
  url: string,
  signal: AbortSignal | undefined,
): Promise<Synapse> {
  const console = await open(paths.console, 'w', 0o600);
  const child = await startGuarded({
    file: python,
    args: ['-B', WATCHDOG_SCRIPT, paths.lock, String(LOCK_WAIT_S), paths.config],
    env: synapseEnv(),
    output: console.fd,
  }).finally(() => console.close());
  try {
    await ready(child, paths, url, signal);
  } catch (error) {
    await child.stop(STOP_GRACE_MS);
    throw error;
  }
  return {
    pid: child.pid,
    exited: child.exited,
    stop: () => child.stop(STOP_GRACE_MS),
    kill: () => child.kill(),
  };
}

async function ready(
  child: GuardedProcess,
  paths: InstancePaths,
  url: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const outcome = await untilAnswers({ url, child, deadlineMs: BOOT_DEADLINE_MS, signal });
  if (outcome === 'answers') return;
  if (outcome === 'aborted') {
    throw new StackError('aborted', {
      what: 'Starting Synapse was interrupted.',
      hint: 'Nothing was left running.',
    });
  }
  throw await bootFailure(outcome === 'silent' ? null : outcome, paths);
}

async function bootFailure(exit: Exit | null, paths: InstancePaths): Promise<StackError> {
  if (exit?.code === EXIT_LOCKED) return alreadyRunning(null);
  const tail = [...(await lastLines(paths.console)), ...(await lastLines(paths.log))].slice(-MAX_TAIL_LINES);
  const how =
    exit === null
      ? `did not answer within ${BOOT_DEADLINE_MS / 1000} s`
      : `ended with ${exit.code ?? exit.signal}`;
  return new StackError('boot-failed', {
    what: `Synapse ${how}. Its last words:\n${tail.join('\n')}\n`,
    hint: `The whole log is ${paths.log}; "npm run -s weft -- doctor" checks the parts, --fresh makes the instance anew (its worlds are lost).`,
  });
}

async function lastLines(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-MAX_TAIL_LINES);
}

function synapseEnv(): NodeJS.ProcessEnv {
  const { PYTHONHOME: _home, PYTHONPATH: _path, ...env } = process.env;
  return { ...env, PYTHONNOUSERSITE: '1', PYTHONUNBUFFERED: '1' };
}
