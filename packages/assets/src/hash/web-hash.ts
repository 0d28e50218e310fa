import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { FileHash, StartFileHash } from './file-hash.ts';
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

function startPlainHash(): FileHash {
  const hash = sha256.create();
  let told = 0;
  return {
    update(chunk) {
      told += chunk.length;
      hash.update(chunk);
    },
    digest: async (file) => bytesToHex(told === file.length ? hash.digest() : sha256(file)),
  };
}
