import { expect, test } from 'vitest';
import { repository } from './fixtures.ts';
import { tests } from './tests.ts';

function linesOf(code: string, path = 'packages/core/src/a.test.ts'): number[] {
  return tests(repository({ [path]: code })).map(({ line }) => line);
}

test('a unit test that waits is reported', () => {
  expect(linesOf('await new Promise((go) => setTimeout(go, 5));')).toEqual([1]);
  expect(linesOf("\nimport { setTimeout as sleep } from 'node:timers/promises';")).toEqual([2]);
  expect(linesOf('Atomics.wait(cell, 0, 0, 5);')).toEqual([1]);
});

test('an integration test may wait, and a source is not judged here', () => {
  const code = 'setTimeout(run, 5);';
  expect(linesOf(code, 'packages/core/test/a.synapse.test.ts')).toEqual([]);
  expect(linesOf(code, 'packages/core/src/a.ts')).toEqual([]);
});

test('no test is switched off, singled out or expected to fail', () => {
  const evasions = [
    'test.skip',
    'it.only',
    'describe.todo',
    'test.skipIf(x)',
    'test.concurrent.skip',
    'it.fails',
  ];
  for (const evasion of evasions) expect(linesOf(`${evasion}('a', () => {});`)).toEqual([1]);
  expect(linesOf('test.each([1])("%i", () => {}); list.skip(1); describe("only", () => {});')).toEqual([]);
});
