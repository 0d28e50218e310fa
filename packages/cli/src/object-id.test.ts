import { type ObjectId, parseObjectId, ROOT } from '@weft/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CommandError, UsageError } from './failure.ts';
import { resolveId, shortLength } from './object-id.ts';

function idsOf(...texts: string[]) {
  const all = new Set(texts.map(parseObjectId));
  return { has: (id: ObjectId) => all.has(id), ids: () => all, nameOf: (id: ObjectId) => `the ${id}` };
}

test('a whole id wins over longer ones that start with it', () => {
  expect(resolveId('ab', idsOf('ab', 'abc', 'b'))).toBe('ab');
});

test('the start of exactly one is enough', () => {
  expect(resolveId('ab', idsOf('abc', 'b'))).toBe('abc');
  expect(resolveId('-', idsOf('-abc', 'b'))).toBe('-abc');
  expect(resolveId('root', idsOf('rootbeer'))).toBe(ROOT);
});

test('the start of several is wrong usage, and names them', () => {
  const objects = idsOf('ab1', 'ab2', 'ab3', 'ab4', 'ab5', 'ab6');
  expect(() => resolveId('ab', objects)).toThrow(UsageError);
  expect(() => resolveId('ab', objects)).toThrow(/6 ids start with ab.*ab1 {2}the ab1.*ab5.*and 1 more/s);
});

test('the start of none is a failure, what no id can be is wrong usage', () => {
  expect(() => resolveId('x', idsOf('ab'))).toThrow(CommandError);
  for (const text of ['', 'a b', '__proto__', 'ä', 'a'.repeat(65)]) {
    expect(() => resolveId(text, idsOf('ab'))).toThrow(UsageError);
  }
});

test('shortened ids are told apart, and resolve to the object they were cut from', () => {
  const id = fc.stringMatching(/^[ab]{1,12}$/);
  fc.assert(
    fc.property(fc.uniqueArray(id, { minLength: 1 }), (texts) => {
      const objects = idsOf(...texts);
      const length = shortLength(objects.ids());
      for (const whole of objects.ids()) expect(resolveId(whole.slice(0, length), objects)).toBe(whole);
    }),
  );
});
