import { sha256 } from '@noble/hashes/sha2.js';
import { StoreError } from './store-error.ts';

/** Computes a sha256 piece by piece; those of `node:crypto` and `@noble/hashes` fit. */
export interface Sha256 {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

export type CreateSha256 = () => Sha256;

const VERSION = 1;
const CHECK_BYTES = 16;
const SEAL_BYTES = 1 + CHECK_BYTES;

/**
 * A record as it is kept: a version byte, 16 bytes of the sha256 over key and content, the content. The key is part of
 * it so that a record that turns up under another name is found too.
 */
export function seal(key: string, content: Uint8Array, create: CreateSha256 = sha256.create): Uint8Array {
  const sealed = new Uint8Array(SEAL_BYTES + content.length);
  sealed[0] = VERSION;
  sealed.set(checkOf(key, content, create), 1);
  sealed.set(content, SEAL_BYTES);
  return sealed;
}

/** The content of a record. @throws StoreError `corrupt` with the key */
export function unseal(key: string, sealed: Uint8Array, create: CreateSha256 = sha256.create): Uint8Array {
  if (sealed.length < SEAL_BYTES) throw corrupt(key, 'a whole record', `${sealed.length} bytes`);
  if (sealed[0] !== VERSION)
    throw corrupt(key, `a record of version ${VERSION}`, `version ${String(sealed[0])}`);
  const content = sealed.slice(SEAL_BYTES);
  const check = checkOf(key, content, create);
  if (check.some((byte, at) => byte !== sealed[1 + at]))
    throw corrupt(key, 'what was written under this name', 'other bytes');
  return content;
}

export function corrupt(key: string, expected: string, got: string): StoreError {
  return new StoreError('corrupt', { what: `read the record ${key}`, expected, got, key });
}

function checkOf(key: string, content: Uint8Array, create: CreateSha256): Uint8Array {
  const hash = create();
  const name = new TextEncoder().encode(key);
  hash.update(new Uint8Array([name.length >> 8, name.length & 0xff]));
  hash.update(name);
  hash.update(content);
  return hash.digest().subarray(0, CHECK_BYTES);
}
