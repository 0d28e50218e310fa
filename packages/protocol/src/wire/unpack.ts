import {
  FRAME_MEMBER_ELEMENTS,
  MAX_FRAME_DEPTH,
  MAX_FRAME_ELEMENTS,
  MAX_FRAME_RECORD_MEMBERS,
} from '../limits.ts';
import { ProtocolError, type ProtocolErrorCode } from '../protocol-error.ts';
import { readText } from './read-text.ts';

// Programs take this name for another one, each in its way.
const FORBIDDEN_KEY = '__proto__';
const HIGH_WORD = 2 ** 32;
/** What stands above the lower 32 bits of an integer that a double holds exactly. */
const MOST_HIGH = 2 ** 21 - 1;
/** Where the bytes of a float are put to be read: a view of its own for each costs more than the rest of it. */
const float = new DataView(new ArrayBuffer(8));

/**
 * Makes one MessagePack value of bytes from anybody, and judges them on the way: nothing is made of what was not looked at. It
 * may hold nil, booleans, finite and exact numbers, UTF-8, bytes, lists, and records whose keys are text; declared lengths
 * lie within the bytes, and nothing comes after it. Costs as much as there are bytes and elements.
 *
 * @param start where the value begins; it ends with the bytes
 * @param what is being done, as the start of a sentence
 * @returns bytes within it are views of the ones given
 * @throws ProtocolError `malformed`, `too-many`, and nothing else
 */
export function unpack(bytes: Uint8Array, start: number, what: string): unknown {
  const reader = new Unpacker(bytes, start, what);
  const value = reader.value(0);
  reader.end();
  return value;
}

/** `unpack` for who takes the value apart: one part after the other, in the order in which they stand, each once. */
export class Unpacker {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #what: string;
  #at: number;
  #elements = 0;

  constructor(bytes: Uint8Array, start: number, what: string) {
    this.#bytes = bytes;
    this.#end = bytes.length;
    this.#at = start;
    this.#what = what;
  }

  /** Where the next value begins. */
  get at(): number {
    return this.#at;
  }

  /** Items of lists and members of records so far, as `MAX_FRAME_ELEMENTS` counts them. */
  get elements(): number {
    return this.#elements;
  }

  /** Passes over what is known, up to there and with so many elements. */
  pass(to: number, elements: number): void {
    this.#at = to;
    this.#count(elements);
  }

  end(): void {
    if (this.#at !== this.#end) throw this.#malformed('one value', `${this.#end - this.#at} more bytes`);
  }

  /** The value that stands here; afterwards the next one does. */
  value(depth: number): unknown {
    const first = this.#byte();
    if (first < 0x80) return first;
    if (first >= 0xe0) return first - 0x100;
    if (first < 0x90) return this.#record(first & 0x0f, depth);
    if (first < 0xa0) return this.#list(first & 0x0f, depth);
    if (first < 0xc0) return this.#text(first & 0x1f);
    switch (first) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
        return this.#binary(this.#byte());
      case 0xc5:
        return this.#binary(this.#uint(2));
      case 0xc6:
        return this.#binary(this.#uint(4));
      case 0xca:
        return this.#float(4);
      case 0xcb:
        return this.#float(8);
      case 0xcc:
        return this.#byte();
      case 0xcd:
        return this.#uint(2);
      case 0xce:
        return this.#uint(4);
      case 0xcf:
        return this.#exact(0);
      case 0xd0:
        return (this.#byte() << 24) >> 24;
      case 0xd1:
        return (this.#uint(2) << 16) >> 16;
      case 0xd2:
        return this.#uint(4) | 0;
      case 0xd3:
        return this.#exact(-MOST_HIGH - 1);
      case 0xd9:
        return this.#text(this.#byte());
      case 0xda:
        return this.#text(this.#uint(2));
      case 0xdb:
        return this.#text(this.#uint(4));
      case 0xdc:
        return this.#list(this.#uint(2), depth);
      case 0xdd:
        return this.#list(this.#uint(4), depth);
      case 0xde:
        return this.#record(this.#uint(2), depth);
      case 0xdf:
        return this.#record(this.#uint(4), depth);
      default:
        throw this.#malformed('a type that JSON has, or bytes', `0x${first.toString(16)}`);
    }
  }

  /** How many items the list has that stands here; afterwards the first of them does. `null`, and nothing passed, for what is no list. */
  listLength(depth: number): number | null {
    const first = this.#bytes[this.#at] ?? 0;
    let count: number;
    if (first >= 0x90 && first < 0xa0) {
      this.#at += 1;
      count = first & 0x0f;
    } else if (first === 0xdc || first === 0xdd) {
      this.#at += 1;
      count = this.#uint(first === 0xdc ? 2 : 4);
    } else return null;
    this.#enter(count, count, depth);
    return count;
  }

  /**
   * The list of at most 15 numbers that stands here, as registers hold it: positions and rotations come so often that they are
   * made once, and not copied. `null`, and nothing passed, for what is no such list: `value` reads that.
   */
  numbers(depth: number): readonly number[] | null {
    const from = this.#at;
    const elements = this.#elements;
    const first = this.#bytes[from] ?? 0;
    if (first < 0x90 || first >= 0xa0) return null;
    const count = this.listLength(depth) ?? 0;
    const numbers = new Array<number>(count);
    for (let item = 0; item < count; item++) {
      const value = isNumber(this.#bytes[this.#at] ?? 0) ? this.value(depth + 1) : null;
      if (typeof value !== 'number') {
        this.#at = from;
        this.#elements = elements;
        return null;
      }
      // A register holds no negative zero.
      numbers[item] = value === 0 ? 0 : value;
    }
    return Object.freeze(numbers);
  }

  #list(count: number, depth: number): unknown[] {
    this.#enter(count, count, depth);
    // As many as were counted just now.
    const items = new Array<unknown>(count);
    for (let item = 0; item < count; item++) items[item] = this.value(depth + 1);
    return items;
  }

  #record(count: number, depth: number): Record<string, unknown> {
    this.#enter(2 * count, FRAME_MEMBER_ELEMENTS * count, depth);
    if (count > MAX_FRAME_RECORD_MEMBERS) throw this.#tooMany(`at most ${MAX_FRAME_RECORD_MEMBERS} members`);
    const members: Record<string, unknown> = Object.create(null);
    for (let item = 0; item < count; item++) {
      const key = this.#key();
      members[key] = this.value(depth + 1);
    }
    return members;
  }

  #enter(leastBytes: number, elements: number, depth: number): void {
    if (leastBytes > this.#end - this.#at) throw this.#tooShort();
    if (depth === MAX_FRAME_DEPTH) throw this.#tooMany(`at most ${MAX_FRAME_DEPTH} levels`);
    this.#count(elements);
  }

  #count(elements: number): void {
    this.#elements += elements;
    if (this.#elements > MAX_FRAME_ELEMENTS) throw this.#tooMany(`at most ${MAX_FRAME_ELEMENTS} elements`);
  }

  #key(): string {
    const first = this.#byte();
    let length: number;
    if (first >= 0xa0 && first < 0xc0) length = first & 0x1f;
    else if (first === 0xd9) length = this.#byte();
    else if (first === 0xda) length = this.#uint(2);
    else if (first === 0xdb) length = this.#uint(4);
    else throw this.#malformed('text as a key', `0x${first.toString(16)}`);
    const key = this.#text(length);
    if (key === FORBIDDEN_KEY) throw this.#malformed('another key', `"${FORBIDDEN_KEY}"`);
    return key;
  }

  #text(length: number): string {
    const from = this.#skip(length);
    const text = readText(this.#bytes, from, this.#at);
    if (text === null) throw this.#malformed('UTF-8', 'other bytes');
    return text;
  }

  #binary(length: number): Uint8Array {
    const { buffer, byteOffset } = this.#bytes;
    // Where Node reads, `subarray` would give its own subclass.
    return new Uint8Array(buffer, byteOffset + this.#skip(length), length);
  }

  #float(length: 4 | 8): number {
    const from = this.#skip(length);
    for (let at = 0; at < length; at++) float.setUint8(at, this.#bytes[from + at] ?? 0);
    const number = length === 4 ? float.getFloat32(0) : float.getFloat64(0);
    if (!Number.isFinite(number)) throw this.#malformed('a finite number', 'another');
    return number;
  }

  /** Eight bytes of an integer that a double holds exactly. */
  #exact(leastHigh: number): number {
    const word = this.#uint(4);
    const high = leastHigh < 0 ? word | 0 : word;
    const low = this.#uint(4);
    if (high < leastHigh || high > MOST_HIGH) throw this.#malformed('an integer within 2^53', 'a larger one');
    return high * HIGH_WORD + low;
  }

  /** Passes over that many bytes. @returns where they begin */
  #skip(length: number): number {
    const from = this.#at;
    if (length > this.#end - from) throw this.#tooShort();
    this.#at = from + length;
    return from;
  }

  #byte(): number {
    if (this.#at === this.#end) throw this.#tooShort();
    return this.#bytes[this.#at++] ?? 0;
  }

  /** An unsigned integer of that many bytes. */
  #uint(length: 2 | 4): number {
    const end = this.#at + length;
    if (end > this.#end) throw this.#tooShort();
    let value = 0;
    while (this.#at < end) value = value * 256 + (this.#bytes[this.#at++] ?? 0);
    return value;
  }

  #tooShort(): ProtocolError {
    return this.#malformed('as many bytes as are declared', 'fewer');
  }

  #malformed(expected: string, got: string): ProtocolError {
    return this.#refusal('malformed', expected, got);
  }

  #tooMany(expected: string): ProtocolError {
    return this.#refusal('too-many', expected, 'more');
  }

  #refusal(code: ProtocolErrorCode, expected: string, got: string): ProtocolError {
    return new ProtocolError(code, { what: this.#what, expected, got });
  }
}

/** Whether a number begins so. */
function isNumber(first: number): boolean {
  return first < 0x80 || first >= 0xe0 || (first >= 0xca && first <= 0xd3);
}
