import { existsSync } from 'node:fs';
import { copyFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type OnProgress, type RateLimits, type Stack, startStack } from '@weft/cli/stack';
import { WEFT_DIRECTORY } from '../weft-directory.ts';

export interface TestStackOptions {
  readonly rateLimits: RateLimits;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** A real Synapse of its own, with nothing in it. */
export interface TestStack {
  readonly stack: Stack;
  /** Stops it and forgets all that it held; the log stays as `.weft/last-test-synapse.log`. */
  stop(): Promise<void>;
}

const PREFIX = 'test-';
let started = 0;

/**
 * Starts a Synapse that shares nothing with any other; installs it first where it is missing.
 * @throws StackError
 */
export async function startTestStack(options: TestStackOptions): Promise<TestStack> {
  await forgetAbandoned();
  started += 1;
  const instance = `${PREFIX}${process.pid}-${started}`;
  const stack = await startStack({ ...options, directory: WEFT_DIRECTORY, instance, fresh: true });
  return {
    stack,
    async stop() {
      await stack.stop();
      if (existsSync(stack.paths.log))
        await copyFile(stack.paths.log, join(WEFT_DIRECTORY, 'last-test-synapse.log'));
      await rm(stack.paths.folder, { recursive: true, force: true });
    },
  };
}

/** Removes what a killed run left behind. */
async function forgetAbandoned(): Promise<void> {
  const folder = join(WEFT_DIRECTORY, 'instances');
  if (!existsSync(folder)) return;
  for (const name of await readdir(folder)) {
    const pid = /^test-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not ours to signal, yet alive.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
