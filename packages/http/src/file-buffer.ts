/** The first memory of a file, in bytes. */
const FIRST_BYTES = 64 * 1024;
/** Of what was announced a part like this has come before memory for all of it is taken: who announces much has to send some of it. */
export const MAX_AHEAD = 64;

/**
 * A file as it comes, in one piece of memory: each piece is copied once, to where it stays.
 *
 * Cost: where its length was announced, a 64th of it is copied once more; where it was not, twice the file at most.
 */
export class FileBuffer {
  readonly #maxBytes: number;
  readonly #totalBytes: number | null;
  #memory = new Uint8Array(0);
  #length = 0;

  /**
   * @param maxBytes no more is ever held
   * @param totalBytes what was announced, `maxBytes` at most; `null` where nothing was
   */
  constructor(maxBytes: number, totalBytes: number | null) {
    this.#maxBytes = maxBytes;
    this.#totalBytes = totalBytes;
  }

  /** @returns the piece where it stays, unchanged from now on; `null` where it would be too much, of which nothing is taken */
  add(piece: Uint8Array): Uint8Array | null {
    const start = this.#length;
    const end = start + piece.length;
    if (end > this.#maxBytes) return null;
    if (end > this.#memory.length) this.#move(this.#roomFor(end));
    this.#memory.set(piece, start);
    this.#length = end;
    return this.#memory.subarray(start, end);
  }

  /** The file, in memory of its own size. */
  whole(): Uint8Array {
    if (this.#length < this.#memory.length) this.#move(this.#length);
    return this.#memory;
  }

  #roomFor(end: number): number {
    const total = this.#totalBytes;
    // A sender may not keep to what it announced.
    if (total === null || end > total) {
      return Math.min(this.#maxBytes, Math.max(FIRST_BYTES, 2 * this.#memory.length, end));
    }
    const isFirst = this.#memory.length === 0;
    return isFirst ? Math.min(total, Math.max(FIRST_BYTES, Math.ceil(total / MAX_AHEAD), end)) : total;
  }

  #move(bytes: number): void {
    const memory = new Uint8Array(bytes);
    memory.set(this.#memory.subarray(0, this.#length));
    this.#memory = memory;
  }
}
