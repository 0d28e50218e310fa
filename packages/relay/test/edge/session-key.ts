import { generateKeyPairSync, sign } from 'node:crypto';
import { toBase64Url } from '@weft/core';

const RAW_KEY_BYTES = 32;

/** A session key as a client of the lane has one. */
export interface SessionKey {
  /** The public key in base64url. */
  readonly key: string;
  sign(bytes: Uint8Array): Uint8Array;
}

export function newSessionKey(): SessionKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-RAW_KEY_BYTES);
  return {
    key: toBase64Url(raw),
    sign: (bytes) => new Uint8Array(sign(null, bytes, privateKey)),
  };
}
