import { ProtocolError } from '../protocol-error.ts';

const BYTE_BITS = 8;

/** Puts numbers of a few bits behind each other, the most significant bit first. */
export class BitWriter {
  readonly #bytes: number[] = [];
  #last = 0;
  #used = 0;

  /** @param value its lowest bits are taken, negative numbers in two's complement @param width at most 24 */
  write(value: number, width: number): void {
    for (let left = width; left > 0; ) {
      const taken = Math.min(left, BYTE_BITS - this.#used);
      left -= taken;
      const chunk = (value >> left) & ((1 << taken) - 1);
      this.#used += taken;
      this.#last |= chunk << (BYTE_BITS - this.#used);
      if (this.#used === BYTE_BITS) this.align();
    }
  }

  flag(isSet: boolean): void {
    this.write(isSet ? 1 : 0, 1);
  }

  /** Fills the byte that was begun with zeros. */
  align(): void {
    if (this.#used === 0) return;
    this.#bytes.push(this.#last);
    this.#last = 0;
    this.#used = 0;
  }

  finish(): Uint8Array {
    this.align();
    return Uint8Array.from(this.#bytes);
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
