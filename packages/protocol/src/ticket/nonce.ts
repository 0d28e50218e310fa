/** What ties an answer to its question: 16 to 64 bytes at random, in base64url. */
export const NONCE_PATTERN = '^[A-Za-z0-9_-]{22,86}$';
const NONCE = new RegExp(NONCE_PATTERN);

export function isNonce(text: unknown): text is string {
  return typeof text === 'string' && NONCE.test(text);
}
