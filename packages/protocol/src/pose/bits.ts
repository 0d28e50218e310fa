import { ProtocolError } from '../protocol-error.ts';

const BYTE_BITS = 8;

/** More than an update of all parts has; it grows where that is not enough. */
const FIRST_BYTES = 64;

/** Puts numbers of a few bits behind each other, the most significant bit first. Serves again once it has finished. */
export class BitWriter {
  #bytes = new Uint8Array(FIRST_BYTES);
  #end = 0;
  /** What is not in a byte yet, less than one. */
  #last = 0;
  #used = 0;

  /** @param value its lowest bits are taken, negative numbers in two's complement @param width at most 24 */
  write(value: number, width: number): void {
    this.#last = (this.#last << width) | (value & ((1 << width) - 1));
    this.#used += width;
    while (this.#used >= BYTE_BITS) {
      this.#used -= BYTE_BITS;
      this.#put(this.#last >> this.#used);
    }
    this.#last &= (1 << this.#used) - 1;
  }

  flag(isSet: boolean): void {
    this.write(isSet ? 1 : 0, 1);
  }

  /** How many bits were written since it served last. */
  get length(): number {
    return BYTE_BITS * this.#end + this.#used;
  }

  /** Puts so many bits that were written before behind these. */
  append(bytes: Uint8Array, length: number): void {
    const whole = length >> 3;
    for (let at = 0; at < whole; at++) this.write(bytes[at] ?? 0, BYTE_BITS);
    const rest = length - BYTE_BITS * whole;
    if (rest > 0) this.write((bytes[whole] ?? 0) >> (BYTE_BITS - rest), rest);
  }

  /** Fills the byte that was begun with zeros. */
  align(): void {
    if (this.#used > 0) this.write(0, BYTE_BITS - this.#used);
  }

  finish(): Uint8Array {
    this.align();
    const bytes = this.#bytes.slice(0, this.#end);
    this.#end = 0;
    return bytes;
  }

  #put(byte: number): void {
    if (this.#end === this.#bytes.length) {
      const longer = new Uint8Array(2 * this.#end);
      longer.set(this.#bytes);
      this.#bytes = longer;
    }
    this.#bytes[this.#end] = byte;
    this.#end += 1;
  }
}

/** Takes numbers of a few bits from behind each other. Never reads past the end. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #used = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** How many bits follow. */
  get left(): number {
    return BYTE_BITS * (this.#bytes.length - this.#at) - this.#used;
  }

  /** @param width at most 24 @throws ProtocolError `malformed` past the end */
  unsigned(width: number): number {
    let value = 0;
    for (let left = width; left > 0; ) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw cutOff();
      const taken = Math.min(left, BYTE_BITS - this.#used);
      left -= taken;
      this.#used += taken;
      value = (value << taken) | ((byte >> (BYTE_BITS - this.#used)) & ((1 << taken) - 1));
      if (this.#used === BYTE_BITS) {
        this.#used = 0;
        this.#at += 1;
      }
    }
    return value;
  }

  signed(width: number): number {
    const shift = 32 - width;
    return (this.unsigned(width) << shift) >> shift;
  }

  flag(): boolean {
    return this.unsigned(1) === 1;
  }

  /** @throws ProtocolError `malformed` where what fills the byte that was begun is not zeros */
  align(): void {
    const left = this.#used === 0 ? 0 : BYTE_BITS - this.#used;
    if (this.unsigned(left) !== 0)
      throw new ProtocolError('malformed', {
        what: 'read poses',
        expected: 'zeros up to the end of a byte',
        got: 'others',
      });
  }
}

function cutOff(): ProtocolError {
  return new ProtocolError('malformed', { what: 'read poses', expected: 'more bytes', got: 'their end' });
}
