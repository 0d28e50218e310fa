import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { FileHash, StartFileHash } from './file-hash.ts';
import { hashPieces } from './hash-pieces.ts';
import { unshared } from './unshared.ts';

/**
 * Hashes with what a page has: natively and beside it where WebCrypto is there, which takes whole files only; else in
 * JavaScript, as on pages of plain http, piece by piece so that no frame waits for a whole file.
 *
 * @param subtle `crypto.subtle`, which is absent on pages of plain http
 */
export function webHash(subtle: SubtleCrypto | undefined): StartFileHash {
  return subtle === undefined ? startPlainHash : () => nativeHash(subtle);
}

function nativeHash(subtle: SubtleCrypto): FileHash {
  return {
    update: () => undefined,
    digest: async (file) => bytesToHex(new Uint8Array(await subtle.digest('SHA-256', unshared(file)))),
  };
}

const startPlainHash = hashPieces(() => {
  const hash = sha256.create();
  return { update: (chunk) => hash.update(chunk), hex: () => bytesToHex(hash.digest()) };
});
