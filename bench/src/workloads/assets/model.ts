import { createHash } from 'node:crypto';
import type { AssetRef } from '@weft/assets';
import { SeededRandom } from '@weft/testing';
import { makeGlb, triangleDocument } from '@weft/testing/gltf';

const POSITIONS_BYTES = 36;

/** A sound model of about so many bytes that no compression makes smaller: the same seed is the same file. */
export function modelOf(seed: string, bytes: number): Uint8Array {
  const number = createHash('sha256').update(seed).digest().readUInt32BE(0);
  const body = new SeededRandom(number).bytes(Math.max(bytes, POSITIONS_BYTES));
  // The triangle that is drawn; what comes after it is only heavy.
  body.set(new Uint8Array(new Float32Array([0, 0, 3, 1, 0, 3, 0, 2, 3]).buffer));
  return makeGlb({ ...triangleDocument(), buffers: [{ byteLength: body.length }] }, body);
}

export function refOf(
  src: string,
  bytes: Uint8Array,
  alt: readonly string[] = [],
): Required<Pick<AssetRef, 'src' | 'sha256' | 'bytes' | 'alt'>> {
  return { src, alt, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
}
