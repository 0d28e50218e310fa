import { fromBase64Url } from '@weft/core';

/** An Ed25519 public key: 32 bytes in base64url. */
export const SESSION_KEY_PATTERN = '^[A-Za-z0-9_-]{43}$';
const SESSION_KEY = new RegExp(SESSION_KEY_PATTERN);

/** Whether it is the one spelling of 32 bytes in base64url. */
export function isSessionKey(text: unknown): text is string {
  return typeof text === 'string' && SESSION_KEY.test(text) && fromBase64Url(text) !== undefined;
}
