import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { systemInflate } from './node.ts';

const content = new TextEncoder().encode('a lamp, a table, a lamp, a table, a lamp');
const deflated = new Uint8Array(deflateRawSync(content));

test('[LA6] content is inflated natively, and holds on to no more memory than it has bytes', () => {
  const inflated = systemInflate?.(deflated, content.length) ?? expect.fail();
  expect(inflated).toEqual(content);
  expect(inflated.constructor).toBe(Uint8Array);
  expect(inflated.buffer.byteLength).toBe(content.length);
});

test('[LA6] nothing is made of a stream that is odd, or holds more than it may', () => {
  expect(systemInflate?.(deflated.subarray(0, -3), content.length)).toBeNull();
  expect(systemInflate?.(Uint8Array.of(7), content.length)).toBeNull();
  expect(systemInflate?.(deflated, content.length - 1)).toBeNull();
});
