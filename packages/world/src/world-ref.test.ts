import { WeftError } from '@weft/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_VIA_SERVERS, parseWorldRef } from './world-ref.ts';

test.each([
  ['!abc:example.org', 'room', '!abc:example.org', []],
  ['!IyG3-_x', 'room', '!IyG3-_x', []],
  ['  #plaza:localhost:8008\n', 'alias', '#plaza:localhost:8008', []],
  ['matrix:r/plaza:example.org', 'alias', '#plaza:example.org', []],
  ['matrix:roomid/abc:example.org?via=a.org&via=b.org', 'room', '!abc:example.org', ['a.org', 'b.org']],
  ['matrix:roomid/IyG3/e/event?via=localhost:8448', 'room', '!IyG3', ['localhost:8448']],
  ['https://matrix.to/#/#plaza:example.org', 'alias', '#plaza:example.org', []],
  ['https://matrix.to/#/%23plaza%3Aexample.org', 'alias', '#plaza:example.org', []],
  ['https://matrix.to/#/!abc:a.org/$event?via=a.org&via=a.org', 'room', '!abc:a.org', ['a.org']],
  ['https://matrix.to/#/!abc?via=not a server&via=[::1]:8448', 'room', '!abc', ['[::1]:8448']],
])('%s', (text, kind, id, via) => {
  expect(parseWorldRef(text)).toEqual({ kind, id, via });
});

test('the caller names servers first, and their number is bounded', () => {
  const many = Array.from({ length: MAX_VIA_SERVERS }, (_, at) => `s${at}.org`);
  expect(parseWorldRef('matrix:roomid/a?via=last.org', many.slice(1)).via).toContain('last.org');
  expect(parseWorldRef('matrix:roomid/a?via=last.org', many).via).toEqual(many);
});

test.each([
  '',
  'plaza',
  '@ann:example.org',
  '#plaza',
  '!',
  'https://example.org/#/!a',
  'matrix:u/ann:a.org',
  'matrix:roomid',
  'https://matrix.to/#/%E0%A4%A',
  '!a b',
])('%j is refused, with what would do', (text) => {
  expect(() => parseWorldRef(text)).toThrow(WeftError);
  expect(() => parseWorldRef(text)).toThrow(/room id.*alias.*matrix/);
});

test('any text is a reference or a named error', () => {
  const start = fc.constantFrom('', '!', '#', 'matrix:', 'matrix:r/', 'https://matrix.to/#/', 'matrix://');
  fc.assert(
    fc.property(start, fc.string(), (prefix, rest) => {
      try {
        expect(parseWorldRef(prefix + rest).id).toMatch(/^[!#]/);
      } catch (error) {
        expect(error).toBeInstanceOf(WeftError);
      }
    }),
  );
});
