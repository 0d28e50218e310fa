import { expect, test } from 'vitest';
import { isSuccess, NOTHING, sum, summaryLine, tallyOf } from './tally.ts';

test('counts tests by how they ended', () => {
  const modules = [
    { id: 'a', errors: 0, states: ['passed', 'failed'] as const },
    { id: 'b', errors: 0, states: ['passed', 'skipped'] as const },
  ];
  expect(tallyOf(['a', 'b'], modules, 0)).toEqual({ passed: 2, failed: 1, skipped: 1 });
});

test.each([
  ['a file that does not load', [{ id: 'a', errors: 1, states: [] }], 0],
  ['a file without a test', [{ id: 'a', errors: 0, states: [] }], 0],
  ['a test that never ended', [{ id: 'a', errors: 0, states: ['pending' as const] }], 0],
  ['a file that was to run and did not', [], 0],
  ['an error that no test caught', [{ id: 'a', errors: 0, states: ['passed' as const] }], 1],
])('%s is one failure', (_, modules, stray) => {
  expect(tallyOf(['a'], modules, stray).failed).toBe(1);
});

test('a file that was not to run counts for nothing', () => {
  const modules = [
    { id: 'a', errors: 0, states: ['passed' as const] },
    { id: 'b', errors: 0, states: ['pending' as const] },
  ];
  expect(tallyOf(['a'], modules, 0)).toEqual({ passed: 1, failed: 0, skipped: 0 });
});

test('the last line names skipped tests only where there are any', () => {
  expect(summaryLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
  expect(summaryLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
});

test('a run without a single pass is no success', () => {
  expect(isSuccess(NOTHING)).toBe(false);
  expect(isSuccess(sum(NOTHING, { passed: 1, failed: 0, skipped: 1 }))).toBe(true);
  expect(isSuccess({ passed: 9, failed: 1, skipped: 0 })).toBe(false);
});
