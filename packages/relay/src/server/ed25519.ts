import { createPublicKey, verify } from 'node:crypto';
import type { VerifySignature } from '../admission/ticket-office.ts';

/** What stands before the 32 bytes of a raw key in a SubjectPublicKeyInfo (RFC 8410 section 4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** Node's own Ed25519, which is OpenSSL's: nothing of ours computes on curves. */
export const verifyEd25519: VerifySignature = (key, message, signature) => {
  if (key.length !== KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  try {
    const spki = Buffer.concat([SPKI_PREFIX, key]);
    return verify(null, message, createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature);
  } catch {
    // A key that is no point of the curve.
    return false;
  }
};
