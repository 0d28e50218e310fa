import { relative } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { propertySettings, replayCommand } from './settings.ts';

// Loaded before every test file, so that each property obeys the environment and each failure says how to repeat it.
fc.configureGlobal(propertySettings());
fc.installGlobalPlugin(() => ({
  onAllRunsComplete(details) {
    if (!details.failed) return;
    const { testPath } = expect.getState();
    const file = testPath === undefined ? undefined : relative(process.cwd(), testPath);
    const cause = 'errorInstance' in details ? details.errorInstance : undefined;
    throw new Error(`${fc.defaultReportMessage(details)}\nReplay: ${replayCommand(details.seed, file)}`, {
      cause,
    });
  },
}));
