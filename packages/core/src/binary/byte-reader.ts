import { badFile } from './bad-file.ts';

const MAX_VARINT_BYTES = 8;

/** Reads bytes of strangers: every step is checked against what is left. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw badFile('one more byte', 'the end of its section');
    this.#at += 1;
    return byte;
  }

  /** Unsigned LEB128 of at most 8 bytes, up to 2^53 - 1. */
  varint(): number {
    let integer = 0;
    let scale = 1;
    for (let count = 0; count < MAX_VARINT_BYTES; count++) {
      const byte = this.u8();
      integer += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (integer > Number.MAX_SAFE_INTEGER) break;
        return integer;
      }
      scale *= 0x80;
    }
    throw badFile('an integer below 2^53', 'a longer one');
  }

  /** An integer that may not exceed a bound, which the error names. */
  count(most: number, what: string): number {
    const count = this.varint();
    if (count > most) throw badFile(`at most ${most} ${what}`, String(count));
    return count;
  }

  /** Numbers below a bound that ascend, each as the gap after the one before it. Most gaps are one byte: one loop for all. */
  ascending(length: number, bound: number): Uint16Array {
    const numbers = new Uint16Array(length);
    const bytes = this.#bytes;
    let before = -1;
    for (let read = 0; read < length; read++) {
      const byte = bytes[this.#at] ?? 0x80;
      const gap = byte < 0x80 ? byte : this.varint();
      if (byte < 0x80) this.#at += 1;
      before += 1 + gap;
      if (before >= bound) throw badFile(`numbers below ${bound}`, String(before));
      numbers[read] = before;
    }
    return numbers;
  }

  bytes(length: number): Uint8Array {
    if (length > this.left) throw badFile(`${length} more bytes`, `${this.left} to the end of the section`);
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return bytes;
  }

  rest(): Uint8Array {
    return this.bytes(this.left);
  }

  end(): void {
    if (this.left > 0) throw badFile('the end of a section', `${this.left} bytes more`);
  }
}
