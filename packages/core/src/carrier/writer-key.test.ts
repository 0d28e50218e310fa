import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { USER_IDS, userId } from '../../test/arbitraries.ts';
import { isPersonalObjectId, parseObjectId, WeftError } from '../index.ts';
import { BUNDLE_SLOTS, LAYER_SLOTS } from './limits.ts';
import { isPersonalObjectOf, parseWriterKey, writerHashOf, writerKey } from './writer-key.ts';

describe('the key of a writer', () => {
  test('[A1] reads back as the writer and the slot, and belongs to nobody else', () => {
    fc.assert(
      fc.property(userId, userId, fc.nat({ max: BUNDLE_SLOTS - 1 }), (user, other, slot) => {
        const read = parseWriterKey(writerKey(user, slot, BUNDLE_SLOTS), BUNDLE_SLOTS);
        expect(read).toEqual({ writer: writerHashOf(user), slot });
        expect(read?.writer === writerHashOf(other)).toBe(user === other);
      }),
    );
  });

  test('is the beginning of a sha256 in base64url', () => {
    for (const user of USER_IDS)
      expect(writerHashOf(user)).toBe(createHash('sha256').update(user).digest('base64url').slice(0, 22));
  });

  test('has so many slots and not one more, on both sides', () => {
    const [user = expect.fail()] = USER_IDS;
    const hash = writerHashOf(user);
    for (const slots of [BUNDLE_SLOTS, LAYER_SLOTS]) {
      expect(parseWriterKey(`${hash}.${slots - 1}`, slots)?.slot).toBe(slots - 1);
      expect(parseWriterKey(`${hash}.${slots}`, slots)).toBeNull();
      expect(writerKey(user, slots - 1, slots)).toBe(`${hash}.${slots - 1}`);
      for (const slot of [-1, slots, 0.5, Number.NaN])
        expect(() => writerKey(user, slot, slots)).toThrow(WeftError);
    }
  });

  test('is refused in every other spelling', () => {
    const hash = 'AAAAAAAAAAAAAAAAAAAAAA';
    const keys = [
      '',
      hash,
      `${hash}.`,
      `${hash}.00`,
      `${hash}.-1`,
      `${hash}.0\n`,
      `${hash}A.0`,
      ` ${hash}.0`,
    ];
    for (const key of [...keys, `${hash.slice(1)}.0`, `${hash}0`, null, 5, {}])
      expect(parseWriterKey(key, BUNDLE_SLOTS), JSON.stringify(key)).toBeNull();
  });
});

test('a personal object belongs to the writer whose hash it carries', () => {
  const [ann = expect.fail(), bob = expect.fail()] = USER_IDS;
  const id = parseObjectId(`u_${writerHashOf(ann)}_hat`);
  expect(isPersonalObjectId(id)).toBe(true);
  expect(isPersonalObjectOf(writerHashOf(ann), id)).toBe(true);
  expect(isPersonalObjectOf(writerHashOf(bob), id)).toBe(false);
});
