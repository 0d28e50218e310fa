import { sha256 } from '@noble/hashes/sha2.js';
import { unshared } from '../hash/unshared.ts';

/** The sha2-256 of a block: by WebCrypto, or in JavaScript on pages of plain http, which have none. */
export async function blockHash(bytes: Uint8Array): Promise<Uint8Array> {
  const { subtle }: { readonly subtle?: SubtleCrypto } = crypto;
  if (subtle === undefined) return sha256(bytes);
  return new Uint8Array(await subtle.digest('SHA-256', unshared(bytes)));
}
