import { existsSync } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Stack, type StackOptions, startStack } from '@weft/cli/stack';
import { newTestInstance } from '../test-instance.ts';
import { WEFT_DIRECTORY } from '../weft-directory.ts';

export interface TestStackOptions extends Omit<StackOptions, 'directory' | 'instance' | 'fresh'> {
  /** Default `last-test-synapse`: what the log is called that stays in `.weft`. */
  readonly logName?: string;
}

/** A real Synapse of its own, with nothing in it. */
export interface TestStack {
  readonly stack: Stack;
  /** Stops it and forgets all that it held but its log. */
  stop(): Promise<void>;
}

/**
 * Starts a Synapse that shares nothing with any other; installs it first where it is missing.
 * @throws StackError
 */
export async function startTestStack({ logName, ...options }: TestStackOptions): Promise<TestStack> {
  const instance = await newTestInstance();
  const stack = await startStack({ ...options, directory: WEFT_DIRECTORY, instance, fresh: true });
  return {
    stack,
    async stop() {
      await stack.stop();
      if (existsSync(stack.paths.log))
        await copyFile(stack.paths.log, join(WEFT_DIRECTORY, `${logName ?? 'last-test-synapse'}.log`));
      await rm(stack.paths.folder, { recursive: true, force: true });
    },
  };
}
