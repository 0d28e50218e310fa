import { expect, test } from 'vitest';
import { findingsOf } from './tools.ts';

const PATTERN = /^(?<path>\S+):(?<line>\d+) (?<message>.*)$/gm;

test('reads what a tool reports', () => {
  const output = 'a.ts:3 wrong\nb.ts:4 worse\n';
  expect(findingsOf('tool', { code: 1, output }, PATTERN)).toEqual([
    { path: 'a.ts', line: 3, message: 'wrong' },
    { path: 'b.ts', line: 4, message: 'worse' },
  ]);
});

test('a tool that fails with words that nobody expected has failed', () => {
  const [finding] = findingsOf('tool', { code: 2, output: 'Segmentation fault' }, PATTERN);
  expect(finding?.message).toBe('tool ended with code 2: Segmentation fault');
});

test('a tool that passes in silence has passed', () => {
  expect(findingsOf('tool', { code: 0, output: '' }, PATTERN)).toEqual([]);
});
