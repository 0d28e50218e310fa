import { sha256 } from '@noble/hashes/sha2.js';
import type { IntakeProblem } from '../event/intake-problem.ts';
import type { Patch } from '../register/patch.ts';
import { badFile, beyondLimit } from './bad-file.ts';
import { BodyReader } from './body-reader.ts';
import { ByteReader } from './byte-reader.ts';
import type { FileBounds } from './file-bounds.ts';
import type { FileInfo } from './file-info.ts';
import { HEADER_BYTES, readHeader } from './header.ts';
import { MAX_BLOB_BYTES } from './limits.ts';
import type { NativeDecoding } from './native-decoding.ts';
import { readFrame } from './section.ts';

export interface DecodeOptions extends FileBounds, NativeDecoding {
  /** What problems are reported under. Default: `file`. */
  readonly carrier?: string;
  /** The largest file to read, in bytes. Default: 64 MiB. */
  readonly maxBytes?: number;
}

export interface DecodedFile {
  /** In normal form; not yet judged by anybody's clock, rules or roles. */
  readonly patch: Patch;
  /** What the file says of itself. */
  readonly info: FileInfo;
  /** What was malformed and skipped, at most 101 entries. */
  readonly problems: readonly IntakeProblem[];
}

/**
 * Reads what `encodePatch` wrote. A malformed register is dropped alone and reported; a file whose structure or hash
 * is wrong is refused whole. Takes about 1 ms per 1,000 objects; memory in proportion to the file.
 *
 * @throws WeftError `bad-file`; `limit` for a file beyond one of the bounds in the options
 */
export function decodePatch(bytes: Uint8Array, options: DecodeOptions = {}): DecodedFile {
  const maxBytes = options.maxBytes ?? MAX_BLOB_BYTES;
  if (bytes.length > maxBytes)
    throw beyondLimit('read a Weft file', `at most ${maxBytes} bytes`, String(bytes.length));
  const header = readHeader(bytes, maxBytes);
  const body = bytes.subarray(HEADER_BYTES);
  checkLength(header.bodyBytes, body.length);
  const hash = options.createSha256?.() ?? sha256.create();
  hash.update(body);
  checkHash(header.hash, hash.digest());
  const reader = new ByteReader(body);
  const patch = new BodyReader(options.carrier ?? 'file', options, options.inflate);
  while (reader.left > 0) {
    const frame = readFrame(reader);
    patch.add(frame, reader.bytes(frame.storedBytes));
  }
  return finishFile(patch);
}

export function finishFile(reader: BodyReader): DecodedFile {
  const { patch, info, problems } = reader.finish();
  return { patch, info, problems: problems.list() };
}

export function checkLength(declared: number, found: number): void {
  if (found !== declared) throw badFile(`${declared} bytes after the header`, String(found));
}

export function checkHash(declared: Uint8Array, found: Uint8Array): void {
  if (declared.length !== found.length || declared.some((byte, at) => byte !== found[at]))
    throw badFile('content with the sha256 of the header', 'other content');
}
