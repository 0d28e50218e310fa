const FINAL_BINARY = 0x82;
/** The longest message whose length stands in the second byte, and in two bytes after it. */
const MAX_SHORT_BYTES = 125;
const MAX_MEDIUM_BYTES = 65_535;
const TWO_BYTES_FOLLOW = 126;
const EIGHT_BYTES_FOLLOW = 127;

/** Frames are put one after the other into blocks of this size: to make bytes for each takes ten times as long as to fill them. */
const BLOCK_BYTES = 16_384;
/** What is longer has bytes of its own, so that it does not hold on to what stood before it. */
const MAX_SHARING_BYTES = 4_096;

/**
 * Puts binary messages into frames of RFC 6455 as a server sends them: whole, neither masked nor compressed. What goes to
 * many sockets one after the other is put into a frame once.
 */
export class Framer {
  #message: Uint8Array | null = null;
  #frame: Buffer = Buffer.alloc(0);
  #block: Buffer = Buffer.alloc(0);
  #at = 0;

  /** @param message must not be changed any more; the same frame for as long as the same message comes */
  frame(message: Uint8Array): Buffer {
    if (message === this.#message) return this.#frame;
    this.#message = message;
    this.#frame = this.#framed(message);
    return this.#frame;
  }

  #framed(message: Uint8Array): Buffer {
    const { length } = message;
    const headBytes = length <= MAX_SHORT_BYTES ? 2 : length <= MAX_MEDIUM_BYTES ? 4 : 10;
    const frame = this.#bytes(headBytes + length);
    frame[0] = FINAL_BINARY;
    if (length <= MAX_SHORT_BYTES) frame[1] = length;
    else if (length <= MAX_MEDIUM_BYTES) {
      frame[1] = TWO_BYTES_FOLLOW;
      frame.writeUInt16BE(length, 2);
    } else {
      frame[1] = EIGHT_BYTES_FOLLOW;
      // No message has 4 GiB.
      frame.writeUInt32BE(0, 2);
      frame.writeUInt32BE(length, 6);
    }
    frame.set(message, headBytes);
    return frame;
  }

  #bytes(length: number): Buffer {
    if (length > MAX_SHARING_BYTES) return Buffer.allocUnsafeSlow(length);
    if (this.#at + length > this.#block.length) {
      this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
      this.#at = 0;
    }
    const from = this.#at;
    this.#at += length;
    return this.#block.subarray(from, this.#at);
  }
}
