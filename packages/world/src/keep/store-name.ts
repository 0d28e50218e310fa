import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

const HASH_BYTES = 16;

/** What a device calls what it keeps of a room for a user: letters and digits, whatever the ids are made of. */
export function storeName(user: string, room: string): string {
  return `${hashOf(user)}-${hashOf(room)}`;
}

/** Of a secret, or of anything else, something that a device may write down. */
export function hashOf(text: string): string {
  return bytesToHex(sha256(new TextEncoder().encode(text)).subarray(0, HASH_BYTES));
}
