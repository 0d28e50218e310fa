import { sha256 } from '@noble/hashes/sha2.js';
import { badFile } from '../binary/bad-file.ts';
import { decodePatchStream } from '../binary/decode-stream.ts';
import { encodePatch } from '../binary/encode.ts';
import type { Sha256 } from '../binary/native-decoding.ts';
import { isPersonalObjectId } from '../ids.ts';
import type { Patch } from '../register/patch.ts';
import { type AdmittedPatch, withoutPersonal } from './admit.ts';
import { type BlobPointer, isSha256Hex, type Sha256Hex } from './blob-pointer.ts';
import { refuseObject } from './refuse-object.ts';

/** A patch as a file to upload, with what a pointer says of it. */
export interface EncodedBlob extends Omit<BlobPointer, 'sources'> {
  readonly file: Uint8Array<ArrayBuffer>;
}

export interface ReadBlobOptions {
  /** What problems are reported under. */
  readonly carrier: string;
  /** A faster sha256 than the built-in one. */
  readonly createSha256?: () => Sha256;
  /** Gives others a turn, every few milliseconds of work. Default: nobody gets one. */
  readonly turn?: () => Promise<void>;
}

// Small enough that hashing a chunk takes no longer than decoding a block.
const CHUNK_BYTES = 256 * 1024;
const NO_TURN = async (): Promise<void> => {};

/**
 * The blob of a layer, or of a bundle that fits no event. Equal patches give equal bytes.
 *
 * @throws WeftError `invalid-value` for a personal object; `limit` for more than a file may hold
 */
export function encodeBlob(patch: Patch): EncodedBlob {
  for (const id of patch.objects.keys()) if (isPersonalObjectId(id)) throw refuseObject('a blob', id);
  const file = encodePatch(patch);
  return { file, sha256: sha256HexOf(file), bytes: file.length, objects: patch.objects.size };
}

/**
 * Reads the file that a pointer named: `verifyBlob`, then `decodeBlob`.
 *
 * @throws WeftError as these
 */
export async function readBlob(
  file: Uint8Array,
  pointer: BlobPointer,
  options: ReadBlobOptions,
): Promise<AdmittedPatch> {
  await verifyBlob(file, pointer, options);
  return decodeBlob(file, pointer, options);
}

/**
 * Passes where a file is the very one that a pointer named. Takes about 7 ms a megabyte, in steps.
 *
 * @throws WeftError `bad-file` for other bytes
 */
export async function verifyBlob(
  file: Uint8Array,
  { bytes, sha256: named }: BlobPointer,
  { createSha256 = () => sha256.create(), turn = NO_TURN }: ReadBlobOptions,
): Promise<void> {
  if (file.length !== bytes) throw badFile(`a blob of ${bytes} bytes`, `${file.length} bytes`);
  const hash = createSha256();
  for await (const chunk of chunksOf(file)) {
    hash.update(chunk);
    await turn();
  }
  const found = hexOf(hash.digest());
  if (found !== named) throw badFile(`a blob with the sha256 ${named}`, found);
}

/**
 * Reads a file that is known to be the one that a pointer named, in steps of a few milliseconds.
 *
 * @throws WeftError `bad-file` where it is no file; `limit` for more objects than the pointer said
 */
export async function decodeBlob(
  file: Uint8Array,
  { objects }: BlobPointer,
  { carrier, createSha256 = () => sha256.create(), turn = NO_TURN }: ReadBlobOptions,
): Promise<AdmittedPatch> {
  const decoded = await decodePatchStream(chunksOf(file), {
    carrier,
    createSha256,
    maxObjects: objects,
    onProgress: turn,
  });
  return withoutPersonal(decoded, carrier);
}

async function* chunksOf(file: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.length; at += CHUNK_BYTES) yield file.subarray(at, at + CHUNK_BYTES);
}

/** The sha256 of some bytes, in hexadecimal. */
export function sha256HexOf(bytes: Uint8Array): Sha256Hex {
  return hexOf(sha256(bytes));
}

function hexOf(digest: Uint8Array): Sha256Hex {
  const text = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (isSha256Hex(text)) return text;
  throw new TypeError(`${text} is no sha256`);
}
