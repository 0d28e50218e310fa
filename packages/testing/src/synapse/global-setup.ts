import type { Progress } from '@weft/cli/stack';
import type { TestProject } from 'vitest/node';
import { serveFixtures } from './fixture-server.ts';
import { startTestStack } from './test-stack.ts';

/** Set by the test runner, which starts one stack for all projects of a run. */
export const FIXTURE_SERVER_VARIABLE = 'WEFT_FIXTURE_SERVER';

declare module 'vitest' {
  interface ProvidedContext {
    readonly fixtureServerUrl: string | undefined;
  }
}

/** One Synapse for all test files of the run; answers how to take it down. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const running = process.env[FIXTURE_SERVER_VARIABLE];
  if (running !== undefined) {
    project.provide('fixtureServerUrl', running);
    return async () => undefined;
  }
  const { stack, stop } = await startTestStack({ rateLimits: 'relaxed', onProgress: show });
  const server = await serveFixtures(stack);
  process.env[FIXTURE_SERVER_VARIABLE] = server.url;
  project.provide('fixtureServerUrl', server.url);
  return async () => {
    delete process.env[FIXTURE_SERVER_VARIABLE];
    await server.close();
    await stop();
  };
}

/** Whole steps only: a line for each package fetched helps nobody here. */
export function show({ message, fraction }: Progress): void {
  if (fraction === undefined || fraction === 0 || fraction === 1)
    process.stderr.write(`homeserver: ${message}\n`);
}
