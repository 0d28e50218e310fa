import { type DecodedFile, decodePatchStream, MAX_BLOB_BYTES, type NativeDecoding } from '@weft/core';
import { ProtocolError, type Snapshot } from '@weft/protocol';
import type { LaneProgress } from '../lane-status.ts';
import { ChunkQueue } from './chunk-queue.ts';

export interface SnapshotReceiverOptions {
  /** What the welcome says of it. */
  readonly totalBytes: number;
  readonly decoding: NativeDecoding;
  readonly progress: (progress: LaneProgress) => void;
}

/**
 * Puts a snapshot together while it arrives. What comes out of order, twice, or beyond what was said is refused at once,
 * what is no file as soon as that is seen; the hash of the file is the last word.
 */
export class SnapshotReceiver {
  /** Rejects with what was wrong, or with `Cancelled`. */
  readonly file: Promise<DecodedFile>;
  readonly #totalBytes: number;
  readonly #queue = new ChunkQueue();
  #next = 0;
  #count: number | null = null;
  #bytes = 0;

  /** @throws ProtocolError for a snapshot that is larger than any file, or empty */
  constructor({ totalBytes, decoding, progress }: SnapshotReceiverOptions) {
    if (totalBytes < 1 || totalBytes > MAX_BLOB_BYTES)
      throw refuse('too-large', `a file of 1 to ${MAX_BLOB_BYTES} bytes`, `${totalBytes}`);
    this.#totalBytes = totalBytes;
    this.file = decodePatchStream(this.#queue, {
      carrier: 'snapshot',
      maxBytes: totalBytes,
      onProgress: progress,
      ...decoding,
    });
    // Whoever cancels it waits for it no longer.
    this.file.catch(() => undefined);
  }

  /** @throws ProtocolError for a part that is not the next one */
  add({ index, count, bytes }: Snapshot): void {
    this.#count ??= count;
    if (index !== this.#next || count !== this.#count || index >= count)
      throw refuse(
        'malformed',
        `part ${this.#next} of ${this.#count}, the next`,
        `part ${index} of ${count}`,
      );
    this.#next += 1;
    this.#bytes += bytes.length;
    const isLast = this.#next === count;
    if (isLast ? this.#bytes !== this.#totalBytes : this.#bytes >= this.#totalBytes)
      throw refuse('malformed', `${this.#totalBytes} bytes, as the welcome said`, `${this.#bytes}`);
    this.#queue.push(bytes);
    if (isLast) this.#queue.end();
  }

  cancel(): void {
    this.#queue.fail(new Error('The snapshot was given up.'));
  }
}

function refuse(code: 'malformed' | 'too-large', expected: string, got: string): ProtocolError {
  return new ProtocolError(code, { what: 'put a snapshot together', expected, got });
}
