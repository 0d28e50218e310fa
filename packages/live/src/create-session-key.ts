import type { RandomBytes } from '@weft/core';
import type { SessionKey } from './session-key.ts';

const SECRET_BYTES = 32;

export interface SessionKeyOptions {
  /** `crypto.subtle`; `undefined` where a page has none, as on plain http. */
  readonly subtle: SubtleCrypto | undefined;
  readonly random: RandomBytes;
}

/** A new key pair: WebCrypto's, which never shows the private half, or where that has no Ed25519, that of noble-curves. */
export async function createSessionKey({ subtle, random }: SessionKeyOptions): Promise<SessionKey> {
  return (await webCryptoKey(subtle)) ?? nobleKey(random);
}

async function webCryptoKey(subtle: SubtleCrypto | undefined): Promise<SessionKey | null> {
  if (subtle === undefined) return null;
  const pair = await generate(subtle);
  if (pair === null) return null;
  const publicKey = new Uint8Array(await subtle.exportKey('raw', pair.publicKey));
  const sign = async (bytes: Uint8Array): Promise<Uint8Array> =>
    new Uint8Array(await subtle.sign('Ed25519', pair.privateKey, new Uint8Array(bytes)));
  return { publicKey, sign };
}

async function generate(subtle: SubtleCrypto): Promise<CryptoKeyPair | null> {
  try {
    const key = await subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify']);
    return 'privateKey' in key ? key : null;
  } catch {
    // `NotSupportedError` in browsers of before 2025: there is no other way to ask.
    return null;
  }
}

async function nobleKey(random: RandomBytes): Promise<SessionKey> {
  const { ed25519 } = await import('@noble/curves/ed25519.js');
  const secret = random(SECRET_BYTES);
  return {
    publicKey: ed25519.getPublicKey(secret),
    sign: async (bytes) => ed25519.sign(bytes, secret),
  };
}
