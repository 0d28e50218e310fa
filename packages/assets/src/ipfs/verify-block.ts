import type { CID } from 'multiformats/cid';
import { blockHash } from './block-hash.ts';
import { IDENTITY, isAllowedCid } from './cid.ts';
import { MAX_BLOCK_BYTES } from './limits.ts';

/** Whether these bytes are the very block that a CID names. Never true for a CID that is not allowed, or a block too large. */
export async function isBlock(cid: CID, bytes: Uint8Array): Promise<boolean> {
  if (!isAllowedCid(cid) || bytes.length > MAX_BLOCK_BYTES) return false;
  const { code, digest } = cid.multihash;
  return isEqual(code === IDENTITY ? bytes : await blockHash(bytes), digest);
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
