import { MAX_FRAME_DEPTH, MAX_FRAME_ELEMENTS, MAX_FRAME_RECORD_MEMBERS } from '../limits.ts';
import type { ProtocolErrorCode } from '../protocol-error.ts';
import { isUtf8 } from './utf8.ts';

/** Why bytes are not read. */
export interface ScanRefusal {
  readonly code: Extract<ProtocolErrorCode, 'malformed' | 'too-many'>;
  readonly expected: string;
  readonly got: string;
}

// A new name costs a library several times what an item of a list does.
const MEMBER_WEIGHT = 6;
// Libraries read this name as another one, each in its way.
const FORBIDDEN_KEY = new TextEncoder().encode('__proto__');

/**
 * Looks through one MessagePack value before a library makes anything of it. It may hold nil, booleans, finite and exact
 * numbers, UTF-8, bytes, lists, and records whose keys are text; declared lengths lie within the bytes, and nothing comes
 * after it. Costs as much as there are bytes and elements; never throws.
 *
 * @returns `null` where it may be read
 */
export function scan(bytes: Uint8Array, start: number): ScanRefusal | null {
  const scanner = new Scanner(bytes, start);
  return scanner.value(0) && scanner.atEnd() ? null : scanner.refusal;
}

class Scanner {
  refusal: ScanRefusal | null = null;
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;
  #elements = 0;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#end = bytes.length;
    this.#at = start;
  }

  atEnd(): boolean {
    return this.#at === this.#end || this.#refuse('one value', `${this.#end - this.#at} more bytes`);
  }

  /** Whether one value stands here; afterwards the next one does. */
  value(depth: number): boolean {
    const first = this.#take(1);
    if (first < 0) return this.#tooShort();
    if (first < 0x80 || first >= 0xe0) return true;
    if (first < 0x90) return this.#record(first & 0x0f, depth);
    if (first < 0xa0) return this.#list(first & 0x0f, depth);
    if (first < 0xc0) return this.#text(first & 0x1f);
    switch (first) {
      case 0xc0:
      case 0xc2:
      case 0xc3:
        return true;
      case 0xc4:
        return this.#skip(this.#take(1));
      case 0xc5:
        return this.#skip(this.#take(2));
      case 0xc6:
        return this.#skip(this.#take(4));
      case 0xca:
        return this.#float(4, 0x80);
      case 0xcb:
        return this.#float(8, 0xf0);
      case 0xcc:
      case 0xd0:
        return this.#skip(1);
      case 0xcd:
      case 0xd1:
        return this.#skip(2);
      case 0xce:
      case 0xd2:
        return this.#skip(4);
      case 0xcf:
        return this.#exact(0x00, 0x00, 0x1f);
      case 0xd3:
        return this.#bytes[this.#at] === 0xff ? this.#exact(0xff, 0xe0, 0xff) : this.#exact(0x00, 0x00, 0x1f);
      case 0xd9:
        return this.#text(this.#take(1));
      case 0xda:
        return this.#text(this.#take(2));
      case 0xdb:
        return this.#text(this.#take(4));
      case 0xdc:
        return this.#list(this.#take(2), depth);
      case 0xdd:
        return this.#list(this.#take(4), depth);
      case 0xde:
        return this.#record(this.#take(2), depth);
      case 0xdf:
        return this.#record(this.#take(4), depth);
      default:
        return this.#refuse('a type that JSON has, or bytes', `0x${first.toString(16)}`);
    }
  }

  #list(count: number, depth: number): boolean {
    if (!this.#enter(count, count, count, depth)) return false;
    for (let item = 0; item < count; item++) if (!this.value(depth + 1)) return false;
    return true;
  }

  #record(count: number, depth: number): boolean {
    if (!this.#enter(count, 2 * count, MEMBER_WEIGHT * count, depth)) return false;
    if (count > MAX_FRAME_RECORD_MEMBERS) return this.#tooMany(`at most ${MAX_FRAME_RECORD_MEMBERS} members`);
    for (let item = 0; item < count; item++) if (!this.#key() || !this.value(depth + 1)) return false;
    return true;
  }

  /** @param count what was declared, negative where that was cut off */
  #enter(count: number, leastBytes: number, elements: number, depth: number): boolean {
    if (count < 0 || leastBytes > this.#end - this.#at) return this.#tooShort();
    if (depth === MAX_FRAME_DEPTH) return this.#tooMany(`at most ${MAX_FRAME_DEPTH} levels`);
    this.#elements += elements;
    return this.#elements <= MAX_FRAME_ELEMENTS || this.#tooMany(`at most ${MAX_FRAME_ELEMENTS} elements`);
  }

  #key(): boolean {
    const first = this.#take(1);
    if (first < 0) return this.#tooShort();
    let length: number;
    if (first >= 0xa0 && first < 0xc0) length = first & 0x1f;
    else if (first === 0xd9) length = this.#take(1);
    else if (first === 0xda) length = this.#take(2);
    else if (first === 0xdb) length = this.#take(4);
    else return this.#refuse('text as a key', `0x${first.toString(16)}`);
    if (!this.#text(length)) return false;
    return !this.#isForbidden(this.#at - length, length) || this.#refuse('another key', '"__proto__"');
  }

  #isForbidden(from: number, length: number): boolean {
    return (
      length === FORBIDDEN_KEY.length && FORBIDDEN_KEY.every((byte, at) => this.#bytes[from + at] === byte)
    );
  }

  #text(length: number): boolean {
    const from = this.#at;
    return (
      this.#skip(length) && (isUtf8(this.#bytes, from, this.#at) || this.#refuse('UTF-8', 'other bytes'))
    );
  }

  #float(length: number, exponentEnd: number): boolean {
    const high = this.#bytes[this.#at] ?? 0;
    const low = this.#bytes[this.#at + 1] ?? 0;
    if (!this.#skip(length)) return false;
    const finite = (high & 0x7f) !== 0x7f || (low & exponentEnd) !== exponentEnd;
    return finite || this.#refuse('a finite number', 'another');
  }

  /** Eight bytes of an integer that a double holds exactly. */
  #exact(high: number, least: number, most: number): boolean {
    const second = this.#bytes[this.#at + 1] ?? 0;
    const fits = this.#bytes[this.#at] === high && second >= least && second <= most;
    return this.#skip(8) && (fits || this.#refuse('an integer within 2^53', 'a larger one'));
  }

  /** @param length negative where it was cut off itself */
  #skip(length: number): boolean {
    if (length < 0 || length > this.#end - this.#at) return this.#tooShort();
    this.#at += length;
    return true;
  }

  /** An unsigned integer of that many bytes; -1 past the end. */
  #take(length: 1 | 2 | 4): number {
    if (length > this.#end - this.#at) return -1;
    let value = 0;
    for (let count = 0; count < length; count++) value = value * 256 + (this.#bytes[this.#at++] ?? 0);
    return value;
  }

  #tooShort(): boolean {
    return this.#refuse('as many bytes as are declared', 'fewer');
  }

  #tooMany(expected: string): boolean {
    this.refusal = { code: 'too-many', expected, got: 'more' };
    return false;
  }

  #refuse(expected: string, got: string): boolean {
    this.refusal = { code: 'malformed', expected, got };
    return false;
  }
}
