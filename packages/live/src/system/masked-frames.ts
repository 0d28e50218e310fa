import { randomFillSync } from 'node:crypto';

const FINAL_BINARY = 0x82;
const MASKED = 0x80;
/** The longest message whose length stands in the second byte, and in two bytes after it. */
const MAX_SHORT_BYTES = 125;
const MAX_MEDIUM_BYTES = 65_535;
const TWO_BYTES_FOLLOW = 126;
const EIGHT_BYTES_FOLLOW = 127;
const MASK_BYTES = 4;
/** Random bytes are drawn in advance: to draw four takes as long as to draw thousands. */
const RANDOM_BYTES = 8_192;

/** Puts binary messages into frames of RFC 6455 as a client sends them: whole, masked by fresh random bytes, not compressed. */
export class MaskedFrames {
  readonly #random = Buffer.allocUnsafeSlow(RANDOM_BYTES);
  #drawn = RANDOM_BYTES;

  frame(message: Uint8Array): Buffer {
    const { length } = message;
    const maskAt = length <= MAX_SHORT_BYTES ? 2 : length <= MAX_MEDIUM_BYTES ? 4 : 10;
    const start = maskAt + MASK_BYTES;
    const frame = Buffer.allocUnsafe(start + length);
    frame[0] = FINAL_BINARY;
    if (length <= MAX_SHORT_BYTES) frame[1] = MASKED | length;
    else if (length <= MAX_MEDIUM_BYTES) {
      frame[1] = MASKED | TWO_BYTES_FOLLOW;
      frame.writeUInt16BE(length, 2);
    } else {
      frame[1] = MASKED | EIGHT_BYTES_FOLLOW;
      // No message has 4 GiB.
      frame.writeUInt32BE(0, 2);
      frame.writeUInt32BE(length, 6);
    }
    this.#drawMask(frame, maskAt);
    for (let at = 0; at < length; at++)
      frame[start + at] = (message[at] ?? 0) ^ (frame[maskAt + (at & 3)] ?? 0);
    return frame;
  }

  #drawMask(frame: Buffer, at: number): void {
    if (this.#drawn === RANDOM_BYTES) {
      randomFillSync(this.#random);
      this.#drawn = 0;
    }
    this.#random.copy(frame, at, this.#drawn, this.#drawn + MASK_BYTES);
    this.#drawn += MASK_BYTES;
  }
}
