import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StartFileHash } from './file-hash.ts';
import { BATCH_BYTES, startThreadHash } from './thread-hash.ts';
import { webHash } from './web-hash.ts';

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function patterned(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8) + (at >> 16)) & 0xff);
}

const ways: readonly (readonly [string, StartFileHash])[] = [
  ['in Node', startThreadHash],
  ['in a page', webHash(crypto.subtle)],
  ['in a page without WebCrypto', webHash(undefined)],
];

describe.each(ways)('the hash of a file %s', (_where, start) => {
  test.each([0, 1, BATCH_BYTES - 1, BATCH_BYTES, BATCH_BYTES + 1, 3 * BATCH_BYTES + 5])(
    '[AS14] of %i bytes is its sha256, told in pieces or whole',
    async (length) => {
      const bytes = patterned(length);
      const expected = sha256Of(bytes);
      for (const piece of [65_536, 1_000_003]) {
        const hash = start();
        for (let at = 0; at < length; at += piece) hash.update(bytes.subarray(at, at + piece));
        expect(await hash.digest(bytes)).toBe(expected);
      }
      expect(await start().digest(bytes)).toBe(expected);
    },
  );

  test('[AS14] is that of the file, where what was told is not all of it', async () => {
    const bytes = patterned(2 * BATCH_BYTES);
    const hash = start();
    hash.update(bytes.subarray(0, BATCH_BYTES + 1));
    expect(await hash.digest(bytes)).toBe(sha256Of(bytes));
  });
});

test('[AS14] files that come at once, cut anyhow, are told apart; one that is dropped leaves nothing', async () => {
  const files = [
    patterned(2 * BATCH_BYTES),
    patterned(3 * BATCH_BYTES).reverse(),
    patterned(BATCH_BYTES + 9),
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: BATCH_BYTES }), { minLength: 1 }), async (cuts) => {
      const hashes = files.map(() => startThreadHash());
      const dropped = startThreadHash();
      dropped.update(patterned(BATCH_BYTES));
      const at = files.map(() => 0);
      for (let turn = 0; files.some((file, n) => (at[n] ?? 0) < file.length); turn += 1) {
        for (const [n, file] of files.entries()) {
          const from = at[n] ?? 0;
          const to = from + (cuts[(turn + n) % cuts.length] ?? 1) + BATCH_BYTES / 8;
          hashes[n]?.update(file.subarray(from, to));
          at[n] = Math.min(to, file.length);
        }
      }
      dropped.drop();
      expect(await Promise.all(hashes.map((hash, n) => hash.digest(files[n] ?? new Uint8Array())))).toEqual(
        files.map(sha256Of),
      );
    }),
    { numRuns: 20 },
  );
});
