import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { StartFileHash } from './file-hash.ts';

/**
 * Hashes with what a page has: natively and beside it where WebCrypto is there, which takes whole files only; else in
 * JavaScript, as on pages of plain http.
 *
 * @param subtle `crypto.subtle`, which is absent on pages of plain http
 */
export function webHash(subtle: SubtleCrypto | undefined): StartFileHash {
  return () => ({
    update: () => undefined,
    async digest(file) {
      if (subtle === undefined) return bytesToHex(sha256(file));
      return bytesToHex(
        new Uint8Array(await subtle.digest('SHA-256', isUnshared(file) ? file : file.slice())),
      );
    },
  });
}

function isUnshared(file: Uint8Array): file is Uint8Array<ArrayBuffer> {
  return file.buffer instanceof ArrayBuffer;
}
