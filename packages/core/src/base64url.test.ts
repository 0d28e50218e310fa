import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64Url, toBase64Url } from './base64url.ts';

test('writes what every library reads, and reads it back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = toBase64Url(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64url'));
      expect(fromBase64Url(text)).toEqual(bytes);
    }),
  );
});

test('reads one spelling of each', () => {
  for (const text of [
    'A',
    'AAAAA',
    'AB',
    'AAB',
    'AA=',
    'AA==',
    'A+AA',
    'A/AA',
    'AA AA',
    'AA\nA',
    'AÄAA',
    '\0AAA',
  ])
    expect(fromBase64Url(text), text).toBeUndefined();
  expect(fromBase64Url('')).toEqual(new Uint8Array(0));
});
