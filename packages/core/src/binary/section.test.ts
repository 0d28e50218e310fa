import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Inflate } from './native-decoding.ts';
import { contentOf, SECTION } from './section.ts';

const text = new TextEncoder().encode('a lamp, a table, a lamp, a table, a lamp, a table');
const deflated = new Uint8Array(deflateRawSync(text));

/** As Node has it. */
const native: Inflate = (stream, length) => {
  try {
    return new Uint8Array(inflateRawSync(stream, { maxOutputLength: length }));
  } catch {
    return null;
  }
};

function outcome(stored: Uint8Array, inflatedBytes: number | null, inflate?: Inflate): unknown {
  try {
    const frame = { kind: SECTION.texts, storedBytes: stored.length, inflatedBytes };
    return contentOf(frame, stored, inflate);
  } catch (error) {
    return error instanceof Error ? error.message : expect.fail();
  }
}

test('[LA6] what another inflater gives in full is the content, and it is not asked for what is stored as it is', () => {
  const other = text.map((byte) => byte + 1);
  expect(outcome(deflated, text.length, () => other)).toBe(other);
  expect(outcome(text, null, () => expect.fail('asked'))).toBe(text);
});

test.each([
  ['nothing', () => null],
  ['less', () => text.subarray(1)],
  ['more', () => Uint8Array.of(...text, 0)],
])('[LA6] where another inflater gives %s, the built-in one judges', (_, inflate) => {
  expect(outcome(deflated, text.length, inflate)).toEqual(text);
  for (const length of [text.length - 1, text.length + 1])
    if (inflate()?.length !== length)
      expect(outcome(deflated, length, inflate)).toBe(outcome(deflated, length));
});

test('[LA6] a stream that was damaged is judged alike with another inflater and without', () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 3 });
  const contents = fc.array(fc.nat(12), { minLength: 1, maxLength: 400 });
  const seen = { read: 0, refused: 0 };
  fc.assert(
    fc.property(contents, damage, fc.integer({ min: -2, max: 3 }), fc.nat(3), (bytes, flips, more, cut) => {
      const content = Uint8Array.from(bytes);
      const stored = new Uint8Array(deflateRawSync(content)).slice(0, cut === 0 ? -1 : undefined);
      for (const [at, flip] of flips) stored[at % stored.length] = (stored[at % stored.length] ?? 0) ^ flip;
      const length = content.length + more;
      if (length < 1) return;
      const judged = outcome(stored, length);
      expect(outcome(stored, length, native)).toEqual(judged);
      seen[typeof judged === 'string' ? 'refused' : 'read'] += 1;
    }),
    propertySettings(300),
  );
  expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(20);
});
