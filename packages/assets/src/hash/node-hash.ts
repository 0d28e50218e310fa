import { createHash } from 'node:crypto';
import { hashPieces } from './hash-pieces.ts';

/** Hashes in native code. */
export const startNodeHash = hashPieces(() => {
  const hash = createHash('sha256');
  return { update: (chunk) => hash.update(chunk), hex: () => hash.digest('hex') };
});
