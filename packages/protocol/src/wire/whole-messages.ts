const FINAL_BINARY = 0x82;
const FINAL = 0x80;
const MASKED = 0x80;
const LENGTH = 0x7f;
const TWO_BYTES_FOLLOW = 126;
const EIGHT_BYTES_FOLLOW = 127;
const MASK_BYTES = 4;
const OPCODE = 0x0f;
const CLOSE = 8;

/**
 * Finds, in what the other side of a WebSocket sends by RFC 6455, the messages that are nearly all: binary, whole, in one piece of what came in. What
 * else comes is for a library to judge, which costs several times as much; here it is only counted where the next frame begins.
 */
export class WholeMessages {
  /** Bytes of a frame that has begun and is not here yet. */
  #left = 0;
  /** What is here of a head that is not. */
  #head: number[] = [];
  /** A message has begun of which more frames come. */
  #isInMessage = false;
  /** After a closing frame nothing is a message. */
  #isOver = false;
  #end = 0;
  readonly #isMasked: boolean;

  /** @param isMasked whether it is a client that sends: only they mask, and all of it */
  constructor({ isMasked }: { readonly isMasked: boolean }) {
    this.#isMasked = isMasked;
  }

  /** Where the frame ends that was found last. */
  get end(): number {
    return this.#end;
  }

  /**
   * The message in the frame that begins there, unmasked in its place; `null` where it is none of these. What is not found has to be
   * told to `follow`.
   */
  at(chunk: Uint8Array, from: number): Uint8Array | null {
    if (this.#left > 0 || this.#head.length > 0 || this.#isInMessage || this.#isOver) return null;
    const second = chunk[from + 1] ?? 0;
    if (chunk[from] !== FINAL_BINARY || second >= MASKED !== this.#isMasked) return null;
    let length = second & LENGTH;
    let mask = from + 2;
    if (length === EIGHT_BYTES_FOLLOW) return null;
    if (length === TWO_BYTES_FOLLOW) {
      length = (chunk[from + 2] ?? 0) * 0x100 + (chunk[from + 3] ?? 0);
      mask = from + 4;
    }
    const start = this.#isMasked ? mask + MASK_BYTES : mask;
    if (start + length > chunk.length) return null;
    if (this.#isMasked) unmask(chunk, mask, length);
    this.#end = start + length;
    return new Uint8Array(chunk.buffer, chunk.byteOffset + start, length);
  }

  /** The library gets all of this. */
  follow(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#left > 0) {
        const passed = Math.min(this.#left, chunk.length - at);
        this.#left -= passed;
        at += passed;
        continue;
      }
      this.#head.push(chunk[at] ?? 0);
      at += 1;
      const length = bytesAfter(this.#head);
      if (length === null) continue;
      const [first = 0] = this.#head;
      const opcode = first & OPCODE;
      if (opcode < CLOSE) this.#isInMessage = first < FINAL;
      else if (opcode === CLOSE) this.#isOver = true;
      this.#head = [];
      this.#left = length;
    }
  }
}

/** How many bytes of its payload follow this head of a frame; `null` where it is not all there. */
function bytesAfter(head: readonly number[]): number | null {
  const [, second] = head;
  if (second === undefined) return null;
  const short = second & LENGTH;
  const lengthBytes = short === EIGHT_BYTES_FOLLOW ? 8 : short === TWO_BYTES_FOLLOW ? 2 : 0;
  if (head.length < 2 + lengthBytes + (second < MASKED ? 0 : MASK_BYTES)) return null;
  return lengthBytes === 0
    ? short
    : head.slice(2, 2 + lengthBytes).reduce((sum, byte) => sum * 0x100 + byte, 0);
}

/** In its place, right behind the mask. */
function unmask(chunk: Uint8Array, mask: number, length: number): void {
  const start = mask + MASK_BYTES;
  for (let at = 0; at < length; at++)
    chunk[start + at] = (chunk[start + at] ?? 0) ^ (chunk[mask + (at & 3)] ?? 0);
}
