const FINAL_BINARY = 0x82;
/** The longest message whose length stands in the second byte, and in two bytes after it. */
const MAX_SHORT_BYTES = 125;
const MAX_MEDIUM_BYTES = 65_535;
const TWO_BYTES_FOLLOW = 126;
const EIGHT_BYTES_FOLLOW = 127;

/**
 * Puts binary messages into frames of RFC 6455 as a server sends them: whole, neither masked nor compressed. What goes to
 * many sockets one after the other is put into a frame once.
 */
export class Framer {
  #message: Uint8Array | null = null;
  #frame: Uint8Array = new Uint8Array();

  /** @param message must not be changed any more; the same frame for as long as the same message comes */
  frame(message: Uint8Array): Uint8Array {
    if (message === this.#message) return this.#frame;
    this.#message = message;
    this.#frame = framed(message);
    return this.#frame;
  }
}

function framed(message: Uint8Array): Uint8Array {
  const { length } = message;
  const headBytes = length <= MAX_SHORT_BYTES ? 2 : length <= MAX_MEDIUM_BYTES ? 4 : 10;
  const frame = new Uint8Array(headBytes + length);
  frame[0] = FINAL_BINARY;
  const view = new DataView(frame.buffer);
  if (length <= MAX_SHORT_BYTES) frame[1] = length;
  else if (length <= MAX_MEDIUM_BYTES) {
    frame[1] = TWO_BYTES_FOLLOW;
    view.setUint16(2, length);
  } else {
    frame[1] = EIGHT_BYTES_FOLLOW;
    // The upper four bytes stay zero: no message has 4 GiB.
    view.setUint32(6, length);
  }
  frame.set(message, headBytes);
  return frame;
}
