import { sha256 } from '@noble/hashes/sha2.js';
import type { ActorId } from '@weft/core';

const HASH_BYTES = 7;
/** 56 bits of the hash, less what a safe integer has no room for. */
const SURPLUS_BITS = 3;

/**
 * The Yjs client id of a running client: the first 53 bits of the sha256 of its actor id in UTF-8. Two of a million actors
 * meet with a probability of 1 in 18,000; of the 32 bits that Yjs takes by itself a hundred thousand are enough.
 */
export function clientIdOf(actor: ActorId): number {
  const hash = sha256(new TextEncoder().encode(actor)).subarray(0, HASH_BYTES);
  let id = 0;
  for (const byte of hash) id = id * 256 + byte;
  return Math.floor(id / 2 ** SURPLUS_BITS);
}
