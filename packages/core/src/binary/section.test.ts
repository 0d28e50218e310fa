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

/** What became of a stream on its way. */
interface Damage {
  readonly tail?: Uint8Array;
  readonly flips?: readonly (readonly [at: number, flip: number])[];
  readonly cut?: number;
  /** How much more is declared than there is. */
  readonly more?: number;
}

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
  const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), {
    minLength: 1,
    maxLength: 3,
  });
  const damages = fc.oneof(
    fc.constant({}),
    fc.record({ tail: fc.uint8Array({ minLength: 1, maxLength: 9 }) }),
    fc.record({ flips }),
    fc.record({ cut: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ more: fc.constantFrom(-2, -1, 1, 2) }),
    fc.record({ flips, more: fc.integer({ min: -2, max: 2 }) }),
  );
  const contents = fc.array(fc.nat(12), { minLength: 3, maxLength: 400 });
  const seen = { read: 0, refused: 0 };
  fc.assert(
    fc.property(contents, damages, (bytes, damage: Damage) => {
      const content = Uint8Array.from(bytes);
      const whole = new Uint8Array(deflateRawSync(content));
      const stored = Uint8Array.of(
        ...whole.slice(0, whole.length - (damage.cut ?? 0)),
        ...(damage.tail ?? []),
      );
      for (const [at, flip] of damage.flips ?? [])
        stored[at % stored.length] = (stored[at % stored.length] ?? 0) ^ flip;
      const length = content.length + (damage.more ?? 0);
      const judged = outcome(stored, length);
      expect(outcome(stored, length, native)).toEqual(judged);
      seen[typeof judged === 'string' ? 'refused' : 'read'] += 1;
    }),
    propertySettings(300),
  );
  expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(20);
});
