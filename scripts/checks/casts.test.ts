import { expect, test } from 'vitest';
import { casts } from './casts.ts';
import { places, repository } from './fixtures.ts';

const NONE = new Map<string, string>();

test('a claimed type is reported, however it is written', () => {
  const code = 'const a = b as Id;\nconst c = <Id>d;\nconst e = f as unknown;';
  const project = repository({ 'packages/core/src/a.ts': code });
  expect(places(casts(project, NONE))).toEqual([1, 2, 3].map((line) => `packages/core/src/a.ts:${line}`));
});

test('constants, checked literals and renamed imports are no claims', () => {
  const code = "import { a as b } from './b.ts';\nconst c = [1] as const;\nconst d = {} satisfies object;";
  expect(casts(repository({ 'packages/core/src/a.ts': code }), NONE)).toEqual([]);
});

test('tests may forge what they need', () => {
  expect(casts(repository({ 'packages/core/src/a.test.ts': 'const a = 1 as never;' }), NONE)).toEqual([]);
});

test('a module of the table may cast, and leaves the table when it does so no more', () => {
  const modules = new Map([['packages/core/src/ids.ts', 'makes the brands']]);
  expect(casts(repository({ 'packages/core/src/ids.ts': 'const a = b as Id;' }), modules)).toEqual([]);
  expect(casts(repository({ 'packages/core/src/ids.ts': '' }), modules)).toHaveLength(1);
});
