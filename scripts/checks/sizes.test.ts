import { expect, test } from 'vitest';
import { places, repository } from './fixtures.ts';
import { MAX_LINES, MAX_MEDIAN_LINES, MAX_TEST_LINES, sizes } from './sizes.ts';

const lines = (count: number): string => '\n'.repeat(count);
const small = Object.fromEntries([1, 2, 3].map((each) => [`packages/core/src/small-${each}.ts`, lines(10)]));

test('a file at the limit passes, one past it does not', () => {
  const path = 'packages/core/src/long.ts';
  expect(sizes(repository({ ...small, [path]: lines(MAX_LINES) }))).toEqual([]);
  expect(places(sizes(repository({ ...small, [path]: lines(MAX_LINES + 1) })))).toEqual([`${path}:0`]);
});

test('tests may be longer, and not for ever', () => {
  const path = 'packages/core/src/long.test.ts';
  expect(sizes(repository({ ...small, [path]: lines(MAX_TEST_LINES) }))).toEqual([]);
  expect(sizes(repository({ ...small, [path]: lines(MAX_TEST_LINES + 1) }))).toHaveLength(1);
});

test('the median is held too, and tests do not thin it', () => {
  const files = {
    'packages/core/src/a.ts': lines(MAX_MEDIAN_LINES),
    'packages/core/src/a.test.ts': lines(1),
  };
  expect(places(sizes(repository(files)))).toEqual(['.:0']);
});

test('an excused file passes, and an excuse for nothing is reported', () => {
  const path = 'packages/core/src/long.ts';
  const excuses = new Map([[path, 'one table']]);
  expect(sizes(repository({ ...small, [path]: lines(MAX_LINES + 1) }), excuses)).toEqual([]);
  expect(sizes(repository(small), excuses)).toHaveLength(1);
});
