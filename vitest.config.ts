import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';
import { testTimeoutMs } from './packages/testing/src/property/settings.ts';

const SYNAPSE = '**/*.synapse.test.ts';
const BROWSER = '**/*.browser.test.ts';
const FEDERATION = '**/*.federation.test.ts';
const IPFS = '**/*.ipfs.test.ts';
const TREES = '{packages,demos,bench,scripts}';

// A real homeserver on two shared cores: generous, yet a hang is still reported as one.
const SYNAPSE_TIMEOUT_MS = 60_000;
const BROWSER_TIMEOUT_MS = 120_000;
// Longer than the longest netsplit and what comes after it.
const FEDERATION_TIMEOUT_MS = 180_000;

export default defineConfig({
  test: {
    setupFiles: ['packages/testing/src/property/setup.ts', 'packages/testing/src/no-page/setup.ts'],
    // What passes has nothing to say; libraries that print at will would bury what failed.
    silent: 'passed-only',
    // Where it hangs is worth more than a run that never ends.
    teardownTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [`${TREES}/**/*.test.ts`],
          exclude: [...configDefaults.exclude, SYNAPSE, BROWSER, FEDERATION, IPFS],
          testTimeout: testTimeoutMs(),
          hookTimeout: testTimeoutMs(),
          // Loading what a file tests takes longer than most files do. What a test changes of its process it changes back.
          isolate: false,
          // One more than there are cores: some files wait for sockets and processes most of the time.
          maxWorkers: availableParallelism() + 1,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'synapse',
          include: [`${TREES}/${SYNAPSE}`],
          globalSetup: ['packages/testing/src/synapse/global-setup.ts'],
          testTimeout: SYNAPSE_TIMEOUT_MS,
          hookTimeout: SYNAPSE_TIMEOUT_MS,
          // One homeserver on two cores: more files at once would only measure each other.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: [`${TREES}/${BROWSER}`],
          globalSetup: ['packages/testing/src/synapse/global-setup.ts'],
          testTimeout: BROWSER_TIMEOUT_MS,
          hookTimeout: BROWSER_TIMEOUT_MS,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'federation',
          include: [`${TREES}/${FEDERATION}`],
          testTimeout: FEDERATION_TIMEOUT_MS,
          hookTimeout: FEDERATION_TIMEOUT_MS,
          // Each file runs two homeservers of its own, which wait for each other most of the time.
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: 'ipfs',
          include: [`${TREES}/${IPFS}`],
          testTimeout: SYNAPSE_TIMEOUT_MS,
          hookTimeout: SYNAPSE_TIMEOUT_MS,
          // Each file runs an IPFS node of its own.
          maxWorkers: 2,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
