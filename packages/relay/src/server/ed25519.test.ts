import { describe, expect, test } from 'vitest';
import { verifyEd25519 } from './ed25519.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

// RFC 8032, section 7.1, test 2.
const KEY = hex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
const MESSAGE = hex('72');
const SIGNATURE = hex(
  '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
);

describe('verifyEd25519', () => {
  test('takes the signature of RFC 8032', () => {
    expect(verifyEd25519(KEY, MESSAGE, SIGNATURE)).toBe(true);
  });

  test('refuses one of another message, another key, or with a bit turned anywhere', () => {
    expect(verifyEd25519(KEY, hex('73'), SIGNATURE)).toBe(false);
    expect(verifyEd25519(KEY.toReversed(), MESSAGE, SIGNATURE)).toBe(false);
    for (let at = 0; at < 64; at += 1) {
      const turned = SIGNATURE.slice();
      turned[at] = (turned[at] ?? 0) ^ 1;
      expect(verifyEd25519(KEY, MESSAGE, turned)).toBe(false);
    }
  });

  test('refuses keys and signatures of any other form, and throws at none', () => {
    for (const length of [0, 31, 33, 64])
      expect(verifyEd25519(new Uint8Array(length), MESSAGE, SIGNATURE)).toBe(false);
    for (const length of [0, 63, 65]) expect(verifyEd25519(KEY, MESSAGE, new Uint8Array(length))).toBe(false);
    expect(verifyEd25519(new Uint8Array(32).fill(255), MESSAGE, SIGNATURE)).toBe(false);
  });
});
