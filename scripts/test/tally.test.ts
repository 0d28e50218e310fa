import { expect, test } from 'vitest';
import {
  failure,
  failureLines,
  isSuccess,
  MAX_NAMED_FAILURES,
  NOTHING,
  type RunModule,
  type RunTest,
  sum,
  summaryLine,
  tallyOf,
} from './tally.ts';

test('counts tests by how they ended, and names those that failed', () => {
  const modules = [module('a', ['passed', 'failed']), module('b', ['passed', 'skipped'])];
  expect(tallyOf(['a', 'b'], modules, 0)).toEqual({ passed: 2, failures: ['a > test 1'], skipped: 1 });
});

test.each([
  ['a file that does not load', [module('a', [], 1)], 0, 'a: an error outside its tests'],
  ['a file without a test', [module('a', [])], 0, 'a: holds no test'],
  ['a test that never ended', [module('a', ['pending'])], 0, 'a > test 0: did not end'],
  ['a file that was to run and did not', [], 0, 'a: did not run'],
  ['an error that no test caught', [module('a', ['passed'])], 1, 'an error that no test caught'],
])('%s is one failure', (_, modules, stray, name) => {
  expect(tallyOf(['a'], modules, stray).failures).toEqual([name]);
});

test('a file that was not to run counts for nothing', () => {
  const modules = [module('a', ['passed']), module('b', ['pending'])];
  expect(tallyOf(['a'], modules, 0)).toEqual({ passed: 1, failures: [], skipped: 0 });
});

test('the last line names skipped tests only where there are any', () => {
  expect(summaryLine({ passed: 3, failures: [], skipped: 0 })).toBe('3 passed, 0 failed');
  expect(summaryLine({ passed: 3, failures: ['a'], skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
});

test('the lines before it name what failed, up to a bound', () => {
  expect(failureLines(NOTHING)).toEqual([]);
  expect(failureLines(failure('a > test'))).toEqual(['What failed:', '  a > test']);
  const names = Array.from({ length: MAX_NAMED_FAILURES }, (_, at) => `test ${at}`);
  const atBound = failureLines({ ...NOTHING, failures: names });
  expect(atBound).toHaveLength(1 + MAX_NAMED_FAILURES);
  const past = failureLines({ ...NOTHING, failures: [...names, 'one more'] });
  expect(past).toEqual([...atBound, '  and 1 more']);
});

test('a run without a single pass is no success', () => {
  const passed = { ...NOTHING, passed: 9 };
  expect(isSuccess(NOTHING)).toBe(false);
  expect(isSuccess(sum(passed, { ...NOTHING, skipped: 1 }))).toBe(true);
  expect(isSuccess(sum(passed, failure('a')))).toBe(false);
});

function module(id: string, states: readonly RunTest['state'][], errors = 0): RunModule {
  return { id, errors, tests: states.map((state, at) => ({ name: `test ${at}`, state })) };
}
