import { sha256 } from '@noble/hashes/sha2.js';
import { badFile } from './bad-file.ts';
import { BodyReader } from './body-reader.ts';
import { ByteReader } from './byte-reader.ts';
import { checkHash, checkLength, type DecodedFile, type DecodeOptions, finishFile } from './decode.ts';
import { HEADER_BYTES, type Header, readHeader } from './header.ts';
import { MAX_BLOB_BYTES } from './limits.ts';
import type { Sha256 } from './native-decoding.ts';
import { readFrame, type SectionFrame } from './section.ts';

/** How far the reading of a file has come. */
export interface DecodeProgress {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly objects: number;
  readonly totalObjects: number;
}

export interface DecodeStreamOptions extends DecodeOptions {
  /**
   * Called after each block of at most 2,048 objects, or 256 KiB of other content, that is after a few milliseconds of
   * work. What it returns is awaited, so a caller who must not block gives its own thread a turn here.
   */
  readonly onProgress?: (progress: DecodeProgress) => void | Promise<void>;
}

/**
 * `decodePatch` for a file that is still arriving: works through it block by block and keeps none of its bytes longer
 * than needed. The patch comes at the end, since only then the hash is known to be right.
 *
 * @throws WeftError as `decodePatch`, as soon as the file is seen to be bad; what the chunks' source throws
 */
export async function decodePatchStream(
  chunks: AsyncIterable<Uint8Array>,
  options: DecodeStreamOptions = {},
): Promise<DecodedFile> {
  const file = new ArrivingFile(options);
  for await (const chunk of chunks) {
    file.take(chunk);
    while (file.step()) await options.onProgress?.(file.progress);
  }
  return file.finish();
}

/** The part of a file that has come, and what was made of it. */
class ArrivingFile {
  readonly #maxBytes: number;
  readonly #body: BodyReader;
  readonly #hash: Sha256;
  readonly #pending = new Pending();
  #header: Header | null = null;
  #frame: SectionFrame | null = null;
  #bodyBytes = 0;

  constructor(options: DecodeOptions) {
    this.#maxBytes = options.maxBytes ?? MAX_BLOB_BYTES;
    this.#body = new BodyReader(options.carrier ?? 'file', options, options.inflate);
    this.#hash = options.createSha256?.() ?? sha256.create();
  }

  get progress(): DecodeProgress {
    return {
      bytes: HEADER_BYTES + this.#bodyBytes - this.#pending.length,
      totalBytes: HEADER_BYTES + (this.#header?.bodyBytes ?? 0),
      objects: this.#body.objectsRead,
      totalObjects: this.#body.objectsDeclared,
    };
  }

  take(chunk: Uint8Array): void {
    let added = chunk;
    if (this.#header === null) {
      const missing = HEADER_BYTES - this.#pending.length;
      this.#pending.add(chunk.subarray(0, missing));
      if (this.#pending.length < HEADER_BYTES) return;
      this.#header = readHeader(this.#pending.take(HEADER_BYTES), this.#maxBytes);
      added = chunk.subarray(missing);
    }
    this.#bodyBytes += added.length;
    if (this.#bodyBytes > this.#header.bodyBytes) checkLength(this.#header.bodyBytes, this.#bodyBytes);
    this.#hash.update(added);
    this.#pending.add(added);
  }

  /** Works for a few milliseconds, at most to the end of a block; false where more must come first. */
  step(): boolean {
    const before = this.#body.objectsRead;
    let bytes = 0;
    while (this.#body.objectsRead === before && bytes < STEP_BYTES) {
      if (this.#header === null) return false;
      this.#frame ??= this.#readFrame();
      if (this.#frame === null || this.#pending.length < this.#frame.storedBytes) return false;
      const stored = this.#pending.take(this.#frame.storedBytes);
      bytes += stored.length;
      this.#body.add(this.#frame, stored);
      this.#frame = null;
    }
    return true;
  }

  finish(): DecodedFile {
    if (this.#header === null)
      throw badFile(`a header of ${HEADER_BYTES} bytes`, `${this.#pending.length} bytes`);
    checkLength(this.#header.bodyBytes, this.#bodyBytes);
    if (this.#frame !== null || this.#pending.length > 0)
      throw badFile('a whole section', 'the end of the file');
    checkHash(this.#header.hash, this.#hash.digest());
    return finishFile(this.#body);
  }

  #readFrame(): SectionFrame | null {
    const start = this.#pending.peek(MAX_FRAME_BYTES);
    const isLast = this.#bodyBytes === this.#header?.bodyBytes;
    if (start.length === 0 || (start.length < MAX_FRAME_BYTES && !isLast)) return null;
    const reader = new ByteReader(start);
    const frame = readFrame(reader);
    this.#pending.take(start.length - reader.left);
    return frame;
  }
}

/** Ids come before all blocks: a large world must not read them all at one go. */
const STEP_BYTES = 256 * 1024;
/** A kind and two lengths. */
const MAX_FRAME_BYTES = 17;
const FIRST_PENDING_BYTES = 4096;

/** Bytes that came and are not read yet. */
class Pending {
  #bytes = new Uint8Array(FIRST_PENDING_BYTES);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  add(chunk: Uint8Array): void {
    if (this.#end + chunk.length > this.#bytes.length) {
      const needed = this.length + chunk.length;
      // Doubling keeps a file that comes byte by byte from being copied once for each.
      const room = needed * 2 > this.#bytes.length ? new Uint8Array(needed * 2) : this.#bytes;
      room.set(this.#bytes.subarray(this.#start, this.#end));
      this.#bytes = room;
      this.#end = this.length;
      this.#start = 0;
    }
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  peek(most: number): Uint8Array {
    return this.#bytes.subarray(this.#start, Math.min(this.#end, this.#start + most));
  }

  /** A view that is valid until the next `add`. */
  take(length: number): Uint8Array {
    const taken = this.peek(length);
    this.#start += taken.length;
    return taken;
  }
}
