import { FRAME_MEMBER_ELEMENTS } from '../limits.ts';

/** Messages are written one after the other into blocks of this size: to make a buffer for each costs more than to write it. */
const BLOCK_BYTES = 8_192;
/** Room that a message has at least when it begins. */
const LEAST_ROOM_BYTES = 512;
/** The most that a number or a length takes, with what says so. */
const MAX_HEAD_BYTES = 9;
/** Up to here a text is written by itself: to call an encoder costs more. */
const MAX_SHORT_UNITS = 64;

const encoder = new TextEncoder();

/** The bytes of a message and what they hold. */
export interface Packed {
  readonly bytes: Uint8Array;
  /** Items of lists and members of records, as `MAX_FRAME_ELEMENTS` counts them. */
  readonly elements: number;
}

/**
 * One MessagePack value: null, booleans, numbers, text, bytes, lists and records, as values of registers and frames have them.
 *
 * @param head what stands before the value, one byte; `null` for nothing
 */
export function pack(value: unknown, head: number | null = null): Packed {
  packer.begin(head);
  packer.value(value);
  return packer.end();
}

/** `pack` for who knows what comes, and need not put it together first: a message is begun, written and ended, one at a time. */
export class Packer {
  #block = new Uint8Array(BLOCK_BYTES);
  #view = new DataView(this.#block.buffer);
  /** Where this message begins, and where its next byte goes. */
  #start = 0;
  #at = 0;
  #elements = 0;

  /** @param head what stands before all else, one byte; `null` for nothing */
  begin(head: number | null): void {
    this.#start = this.#at;
    this.#elements = 0;
    this.#room(LEAST_ROOM_BYTES);
    if (head !== null) this.#block[this.#at++] = head;
  }

  /** A list of so many values, which come next. */
  list(length: number): void {
    this.#elements += length;
    if (length < 0x10) this.#byte(0x90 | length);
    else this.#head(length, 0xdc, 0xdd);
  }

  end(): Packed {
    return { bytes: this.#taken(), elements: this.#elements };
  }

  /** What is larger than a block gets bytes of its own, so that nothing small holds on to them. */
  #taken(): Uint8Array {
    if (this.#block.length === BLOCK_BYTES)
      return new Uint8Array(this.#block.buffer, this.#start, this.#at - this.#start);
    const bytes = this.#block.slice(this.#start, this.#at);
    this.#begin(new Uint8Array(BLOCK_BYTES), 0);
    return bytes;
  }

  value(value: unknown): void {
    switch (typeof value) {
      case 'string':
        this.#text(value);
        break;
      case 'number':
        this.#number(value);
        break;
      case 'boolean':
        this.#byte(value ? 0xc3 : 0xc2);
        break;
      case 'object':
        if (value === null) this.#byte(0xc0);
        else if (Array.isArray(value)) this.#items(value);
        else if (value instanceof Uint8Array) this.#binary(value);
        else this.#record(value);
        break;
      default:
        throw new TypeError(`a frame holds no ${typeof value}`);
    }
  }

  #items(items: readonly unknown[]): void {
    const { length } = items;
    this.list(length);
    for (let at = 0; at < length; at++) this.value(items[at]);
  }

  #record(members: object): void {
    const entries = Object.entries(members);
    this.#elements += FRAME_MEMBER_ELEMENTS * entries.length;
    this.#head(entries.length, 0xde, 0xdf);
    for (const [name, member] of entries) {
      this.#text(name);
      this.value(member);
    }
  }

  #binary(bytes: Uint8Array): void {
    const { length } = bytes;
    this.#room(MAX_HEAD_BYTES + length);
    if (length < 0x100) {
      this.#byte(0xc4);
      this.#byte(length);
    } else this.#head(length, 0xc5, 0xc6);
    this.#block.set(bytes, this.#at);
    this.#at += length;
  }

  #text(text: string): void {
    if (text.length > MAX_SHORT_UNITS || !this.#ascii(text)) this.#encoded(encoder.encode(text));
  }

  /** @returns whether it was written: all of it is ASCII */
  #ascii(text: string): boolean {
    const { length } = text;
    this.#room(MAX_HEAD_BYTES + length);
    const before = this.#at;
    this.#textHead(length);
    for (let at = 0; at < length; at++) {
      const unit = text.charCodeAt(at);
      if (unit >= 0x80) {
        this.#at = before;
        return false;
      }
      this.#block[this.#at++] = unit;
    }
    return true;
  }

  #encoded(bytes: Uint8Array): void {
    const { length } = bytes;
    this.#room(MAX_HEAD_BYTES + length);
    this.#textHead(length);
    this.#block.set(bytes, this.#at);
    this.#at += length;
  }

  #textHead(length: number): void {
    if (length < 0x20) this.#byte(0xa0 | length);
    else if (length < 0x100) {
      this.#byte(0xd9);
      this.#byte(length);
    } else this.#head(length, 0xda, 0xdb);
  }

  /** A length in two bytes or in four. */
  #head(length: number, two: number, four: number): void {
    this.#room(MAX_HEAD_BYTES);
    if (length < 0x10000) {
      this.#block[this.#at++] = two;
      this.#block[this.#at++] = length >> 8;
      this.#block[this.#at++] = length;
    } else {
      this.#block[this.#at++] = four;
      this.#view.setUint32(this.#at, length);
      this.#at += 4;
    }
  }

  /** In as few bytes as there are for it: an integer of up to 32 bits as one, every other number as a double. */
  #number(number: number): void {
    this.#room(MAX_HEAD_BYTES);
    if (number >>> 0 === number) {
      if (number < 0x80) this.#block[this.#at++] = number;
      else if (number < 0x100) {
        this.#block[this.#at++] = 0xcc;
        this.#block[this.#at++] = number;
      } else if (number < 0x10000) {
        this.#block[this.#at++] = 0xcd;
        this.#block[this.#at++] = number >> 8;
        this.#block[this.#at++] = number;
      } else {
        this.#block[this.#at++] = 0xce;
        this.#view.setUint32(this.#at, number);
        this.#at += 4;
      }
    } else if (number >> 0 === number) this.#negative(number);
    else {
      this.#block[this.#at++] = 0xcb;
      this.#view.setFloat64(this.#at, number);
      this.#at += 8;
    }
  }

  #negative(number: number): void {
    if (number >= -0x20) this.#block[this.#at++] = number;
    else if (number >= -0x80) {
      this.#block[this.#at++] = 0xd0;
      this.#block[this.#at++] = number;
    } else if (number >= -0x8000) {
      this.#block[this.#at++] = 0xd1;
      this.#view.setInt16(this.#at, number);
      this.#at += 2;
    } else {
      this.#block[this.#at++] = 0xd2;
      this.#view.setInt32(this.#at, number);
      this.#at += 4;
    }
  }

  #byte(byte: number): void {
    this.#room(1);
    this.#block[this.#at++] = byte;
  }

  /** Makes sure that so many bytes fit: what was written of the message goes to a larger block where they do not. */
  #room(bytes: number): void {
    if (this.#at + bytes <= this.#block.length) return;
    const written = this.#at - this.#start;
    const block = new Uint8Array(Math.max(BLOCK_BYTES, 2 * (written + bytes)));
    block.set(this.#block.subarray(this.#start, this.#at));
    this.#begin(block, written);
  }

  #begin(block: Uint8Array<ArrayBuffer>, written: number): void {
    this.#block = block;
    this.#view = new DataView(block.buffer);
    this.#start = 0;
    this.#at = written;
  }
}

/** A message that somebody begins is ended before another one is begun: nothing here waits. */
export const packer = new Packer();
