import { encodePatch, type Replica } from '@weft/core';
import { encodeFrame, MAX_SNAPSHOT_CHUNK_BYTES } from '@weft/protocol';

/** The room's part of a world as frames that every newcomer can share. */
export interface Snapshot {
  readonly setHash: string;
  /** Of the file. */
  readonly bytes: number;
  readonly objects: number;
  readonly messages: readonly Uint8Array[];
}

/** Encodes the base once, and again when it has changed and somebody asks. */
export class SnapshotFile {
  readonly #replica: Replica;
  #last: Snapshot | null = null;

  constructor(replica: Replica) {
    this.#replica = replica;
  }

  get(): Snapshot {
    const setHash = this.#replica.setHash();
    if (this.#last?.setHash === setHash) return this.#last;
    const base = this.#replica.basePatch();
    const file = encodePatch(base);
    const count = Math.max(1, Math.ceil(file.length / MAX_SNAPSHOT_CHUNK_BYTES));
    const messages = Array.from({ length: count }, (_, index) => {
      const start = index * MAX_SNAPSHOT_CHUNK_BYTES;
      const bytes = file.subarray(start, start + MAX_SNAPSHOT_CHUNK_BYTES);
      return encodeFrame({ type: 'snapshot', index, count, bytes });
    });
    this.#last = { setHash, bytes: file.length, objects: base.objects.size, messages };
    return this.#last;
  }
}
