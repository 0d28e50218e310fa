import { createPublicKey, verify } from 'node:crypto';
import { SeededRandom } from '@weft/testing';
import { expect, test } from 'vitest';
import { createSessionKey } from './create-session-key.ts';

const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const message = new TextEncoder().encode('hello');

function isValid(publicKey: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
  return verify(null, message, key, signature);
}

/** A browser that has WebCrypto, and no Ed25519 in it. */
const old = {
  generateKey: () => Promise.reject(new DOMException('Unrecognized name.', 'NotSupportedError')),
} as unknown as SubtleCrypto;

test.each([
  ['WebCrypto', crypto.subtle],
  ['a WebCrypto without Ed25519', old],
  ['no WebCrypto', undefined],
])('[LV5] a session key of %s signs what everybody can check', async (_, subtle) => {
  const key = await createSessionKey({ subtle, random: new SeededRandom('key').bytes });
  expect(key.publicKey).toHaveLength(32);
  const signature = await key.sign(message);
  expect(signature).toHaveLength(64);
  expect(isValid(key.publicKey, signature)).toBe(true);
  signature[0] = (signature[0] ?? 0) ^ 1;
  expect(isValid(key.publicKey, signature)).toBe(false);
});

test('[LV5] two sessions have two keys', async () => {
  const random = new SeededRandom('keys').bytes;
  const [one, two] = await Promise.all([
    createSessionKey({ subtle: undefined, random }),
    createSessionKey({ subtle: undefined, random }),
  ]);
  expect(one.publicKey).not.toEqual(two.publicKey);
});
