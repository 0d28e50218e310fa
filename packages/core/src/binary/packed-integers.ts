import { badFile } from './bad-file.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

const MAX_WIDTH_BITS = 32;
const SPARE_BYTES = 4;

/** The largest magnitude that a packed integer's base may have: its zigzag form stays below 2^53. */
export const MAX_PACKED_BASE = 2 ** 52 - 1;

/** Integers as a base (zigzag varint), a width in bits, and each one's distance from the base in so many bits. */
export interface Packing {
  readonly base: number;
  readonly width: number;
  readonly bytes: number;
}

/** How integers pack, or `undefined` where they lie too far apart or from zero. */
export function packingOf(integers: ArrayLike<number>): Packing | undefined {
  if (integers.length === 0) return undefined;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < integers.length; at++) {
    const integer = integers[at] ?? 0;
    if (integer < least) least = integer;
    if (integer > most) most = integer;
  }
  const range = most - least;
  if (range >= 2 ** MAX_WIDTH_BITS || Math.max(-least, most) > MAX_PACKED_BASE) return undefined;
  const width = range === 0 ? 0 : 32 - Math.clz32(range);
  return { base: least, width, bytes: varintBytes(zigzag(least)) + 1 + bitBytes(integers.length, width) };
}

export function writePacked(writer: ByteWriter, integers: ArrayLike<number>, packing: Packing): void {
  const { base, width } = packing;
  writer.varint(zigzag(base));
  writer.u8(width);
  const bytes = writer.space(bitBytes(integers.length, width));
  for (let at = 0; at < integers.length; at++) {
    let rest = (integers[at] ?? 0) - base;
    for (let bit = at * width; rest > 0; ) {
      const shift = bit & 7;
      const taken = 8 - shift;
      const byte = bit >>> 3;
      bytes[byte] = (bytes[byte] ?? 0) | ((rest << shift) & 0xff);
      rest = Math.floor(rest / 2 ** taken);
      bit += taken;
    }
  }
}

/** Integers that stay packed; each is unpacked when it is asked for. */
export class PackedIntegers {
  readonly length: number;
  readonly #base: number;
  readonly #width: number;
  readonly #mask: number;
  readonly #bytes: Uint8Array;

  /** @param bytes are copied */
  constructor(length: number, base: number, width: number, bytes: Uint8Array) {
    this.length = length;
    this.#base = base;
    this.#width = width;
    this.#mask = width === MAX_WIDTH_BITS ? -1 : (1 << width) - 1;
    // Each is read in whole bytes, the last ones beyond the end.
    this.#bytes = new Uint8Array(bytes.length + SPARE_BYTES);
    this.#bytes.set(bytes);
  }

  at(index: number): number {
    const width = this.#width;
    return width === 0 ? this.#base : this.#base + bitsAt(this.#bytes, index * width, this.#mask);
  }

  /** Each of them in order: `at` for all, in one loop. */
  all(): Float64Array {
    const all = new Float64Array(this.length).fill(this.#base);
    const width = this.#width;
    if (width === 0) return all;
    const bytes = this.#bytes;
    const mask = this.#mask;
    const base = this.#base;
    for (let index = 0, bit = 0; index < all.length; index++, bit += width)
      all[index] = base + bitsAt(bytes, bit, mask);
    return all;
  }

  /** Whether all lie from 0 to below a bound. */
  isBelow(bound: number): boolean {
    if (this.#base < 0) return false;
    const width = this.#width;
    if (this.#base + 2 ** width <= bound) return true;
    const bytes = this.#bytes;
    const mask = this.#mask;
    const room = bound - this.#base;
    for (let index = 0, bit = 0; index < this.length; index++, bit += width)
      if (bitsAt(bytes, bit, mask) >= room) return false;
    return true;
  }
}

/** The bits of a mask from one on; four bytes after it must be there. */
function bitsAt(bytes: Uint8Array, bit: number, mask: number): number {
  const byte = bit >>> 3;
  const shift = bit & 7;
  const low =
    (bytes[byte] ?? 0) |
    ((bytes[byte + 1] ?? 0) << 8) |
    ((bytes[byte + 2] ?? 0) << 16) |
    ((bytes[byte + 3] ?? 0) << 24);
  const high = shift === 0 ? 0 : (bytes[byte + 4] ?? 0) << (32 - shift);
  return (((low >>> shift) | high) & mask) >>> 0;
}

export function readPacked(reader: ByteReader, count: number): PackedIntegers {
  const zigzagged = reader.varint();
  const base = zigzagged % 2 === 0 ? zigzagged / 2 : -(zigzagged + 1) / 2;
  const width = reader.u8();
  if (width > MAX_WIDTH_BITS) throw badFile(`integers of at most ${MAX_WIDTH_BITS} bits`, `${width} bits`);
  return new PackedIntegers(count, base, width, reader.bytes(bitBytes(count, width)));
}

/** Packed integers that index something with so many entries. */
export function readIndexes(
  reader: ByteReader,
  count: number,
  entries: number,
  what: string,
): PackedIntegers {
  const indexes = readPacked(reader, count);
  if (!indexes.isBelow(entries)) throw badFile(`one of ${entries} ${what}`, 'another number');
  return indexes;
}

export function varintBytes(integer: number): number {
  let bytes = 1;
  for (let rest = integer; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes += 1;
  return bytes;
}

function zigzag(integer: number): number {
  return integer < 0 ? -2 * integer - 1 : 2 * integer;
}

function bitBytes(count: number, width: number): number {
  return Math.ceil((count * width) / 8);
}
