import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDataUri } from './data-uri.ts';

const text = (bytes: Uint8Array | null) => (bytes === null ? null : new TextDecoder().decode(bytes));

test.each([
  ['data:,hello', 'hello'],
  ['data:text/plain;charset=utf-8,a%20b%E2%82%AC', 'a b€'],
  ['data:text/plain,€', '€'],
  ['DATA:;base64,aGVsbG8=', 'hello'],
  ['data:model/gltf-binary;base64,aGVsbG8%3D', 'hello'],
])('%s', (uri, expected) => {
  expect(text(readDataUri(uri, 100))).toBe(expected);
});

test.each(['data:', 'data:;base64', 'data:;base64,a!b', 'data:,%zz', 'http://a/,b'])('%s is none', (uri) => {
  expect(readDataUri(uri, 100)).toBeNull();
});

test('the byte limit holds at the bound and one past it, in both forms', () => {
  expect(readDataUri('data:,12345', 5)).toHaveLength(5);
  expect(readDataUri('data:,123456', 5)).toBeNull();
  expect(readDataUri('data:;base64,MTIzNDU=', 5)).toHaveLength(5);
  expect(readDataUri('data:;base64,MTIzNDU2', 5)).toBeNull();
});

test('every byte comes through base64', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const uri = `data:application/octet-stream;base64,${btoa(String.fromCharCode(...bytes))}`;
      expect(readDataUri(uri, bytes.length)).toEqual(bytes);
    }),
  );
});
