import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { webHash } from './web-hash.ts';

const FILE = Uint8Array.from({ length: 1000 }, (_, at) => (at * 31) & 0xff);
const HASH = createHash('sha256').update(FILE).digest('hex');

test.each([
  ['with WebCrypto', crypto.subtle],
  ['on a page of plain http', undefined],
])('[AS89] a file %s has its hash, told in pieces, in part, or not at all', async (_where, subtle) => {
  const start = webHash(subtle);
  const whole = start();
  for (let at = 0; at < FILE.length; at += 300) whole.update(FILE.subarray(at, at + 300));
  expect(await whole.digest(FILE)).toBe(HASH);
  const part = start();
  part.update(FILE.subarray(0, 300));
  expect(await part.digest(FILE)).toBe(HASH);
  expect(await start().digest(FILE)).toBe(HASH);
  const shared = new Uint8Array(new SharedArrayBuffer(FILE.length));
  shared.set(FILE);
  expect(await start().digest(shared)).toBe(HASH);
});
