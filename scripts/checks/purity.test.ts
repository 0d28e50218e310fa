import { expect, test } from 'vitest';
import { places, repository } from './fixtures.ts';
import { purity } from './purity.ts';

test.each([
  'Date.now()',
  'new Date()',
  'performance.now()',
  'Math.random()',
  'setTimeout(run, 1)',
  'fetch(url)',
  'console.log(1)',
  'crypto.getRandomValues(bytes)',
  'process.env.HOME',
  'globalThis.fetch(url)',
  'new WebSocket(url)',
  'const clock = { now: performance.now }',
  'const { random } = Math',
  'const draw = Math["random"]',
])('%s in core is reported', (code) => {
  expect(places(purity(repository({ 'packages/core/src/a.ts': code })))).toEqual([
    'packages/core/src/a.ts:1',
  ]);
});

test.each([
  'Math.max(1, 2)',
  'const sine = Math.sin; sine(1)',
  'options.fetch(url)',
  'const settings = { console: 1, process() { return 2; } }',
  'function at(performance: Performance) { return performance.now(); }',
  'type Clock = typeof Date',
])('%s in core is fine', (code) => {
  expect(purity(repository({ 'packages/core/src/a.ts': code }))).toEqual([]);
});

test('modules of the platform are closed to core', () => {
  const project = repository({
    'packages/core/src/a.ts': "import 'node:fs';\nimport type { Stats } from 'fs';",
  });
  expect(purity(project)).toHaveLength(2);
});

test('a library prints nothing and rolls no dice, yet may use a clock', () => {
  const project = repository({ 'packages/matrix/src/a.ts': 'console.log(1);\nMath.random();\nDate.now();' });
  expect(places(purity(project))).toEqual(['packages/matrix/src/a.ts:1', 'packages/matrix/src/a.ts:2']);
});

test('tests and programs are free', () => {
  const code = 'console.log(Date.now(), Math.random());';
  expect(purity(repository({ 'packages/core/src/a.test.ts': code, 'packages/cli/src/a.ts': code }))).toEqual(
    [],
  );
});
