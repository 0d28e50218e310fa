import { expect, test } from 'vitest';
import { repository } from './fixtures.ts';
import { suppressions } from './suppressions.ts';

function linesOf(code: string): number[] {
  return suppressions(repository({ 'packages/core/src/a.ts': code })).map(({ line }) => line);
}

test('`any` and `!` are reported', () => {
  expect(linesOf('let a: any;\nlet b = c!;\nlet d: Record<string, any[]>;')).toEqual([1, 2, 3]);
});

test('words and other uses of the sign are fine', () => {
  expect(linesOf('// any\nconst any = !done;\nconst text = "any";')).toEqual([]);
});

test('a suppression needs a reason', () => {
  expect(linesOf('// @ts-expect-error\na();')).toEqual([1]);
  expect(linesOf('// @ts-expect-error: the type is wrong upstream\na();')).toEqual([]);
  expect(linesOf('// biome-ignore lint/suspicious/noExplicitAny\nlet a: unknown;')).toEqual([1]);
  expect(linesOf('// biome-ignore lint/suspicious/noExplicitAny: the library says so\nlet a: any;')).toEqual(
    [],
  );
});

test('what hides every error is refused whatever the reason', () => {
  expect(linesOf('// @ts-ignore: there is a very good reason for this\na();')).toEqual([1]);
  expect(linesOf('// @ts-nocheck: there is a very good reason for this\na();')).toEqual([1]);
});
