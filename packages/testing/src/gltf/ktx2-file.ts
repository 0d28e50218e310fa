// KTX File Format Specification 2.0; the block is mode 8 of UASTC, one colour (Basis Universal’s "UASTC LDR 4x4 texture format").
const IDENTIFIER = [0xab, 0x4b, 0x54, 0x58, 0x20, 0x32, 0x30, 0xbb, 0x0d, 0x0a, 0x1a, 0x0a];
const HEADER_BYTES = 80;
const LEVEL_INDEX_BYTES = 24;
const DESCRIPTOR_BYTES = 44;
const BLOCK_BYTES = 16;

export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

/** A KTX2 file of Basis Universal in one colour, one level. */
export function ktx2File(width: number, height: number, colour: Rgba): Uint8Array<ArrayBuffer> {
  const blocks = Math.ceil(width / 4) * Math.ceil(height / 4);
  const start = Math.ceil((HEADER_BYTES + LEVEL_INDEX_BYTES + DESCRIPTOR_BYTES) / BLOCK_BYTES) * BLOCK_BYTES;
  const bytes = new Uint8Array(start + blocks * BLOCK_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(IDENTIFIER);
  const words = [
    0,
    1,
    width,
    height,
    0,
    0,
    1,
    1,
    0,
    HEADER_BYTES + LEVEL_INDEX_BYTES,
    DESCRIPTOR_BYTES,
    0,
    0,
  ];
  for (const [at, word] of words.entries()) view.setUint32(IDENTIFIER.length + at * 4, word, true);
  const level = [start, blocks * BLOCK_BYTES, blocks * BLOCK_BYTES];
  for (const [at, long] of level.entries()) view.setBigUint64(HEADER_BYTES + at * 8, BigInt(long), true);
  bytes.set(descriptor(colour[3] < 255), HEADER_BYTES + LEVEL_INDEX_BYTES);
  const block = solidBlock(colour);
  for (let at = start; at < bytes.length; at += BLOCK_BYTES) bytes.set(block, at);
  return bytes;
}

function descriptor(hasAlpha: boolean): Uint8Array {
  const bytes = new Uint8Array(DESCRIPTOR_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, DESCRIPTOR_BYTES, true);
  view.setUint16(8, 2, true);
  view.setUint16(10, DESCRIPTOR_BYTES - 4, true);
  // Colour model UASTC, BT.709, sRGB; blocks of four by four.
  bytes.set([166, 1, 2, 0, 3, 3, 0, 0, BLOCK_BYTES], 12);
  bytes.set([127, hasAlpha ? 3 : 0], 30);
  view.setUint32(40, 0xff_ff_ff_ff, true);
  return bytes;
}

function solidBlock([red, green, blue, alpha]: Rgba): Uint8Array {
  const bytes = new Uint8Array(BLOCK_BYTES);
  let bit = 0;
  const put = (value: number, count: number): void => {
    for (let at = 0; at < count; at += 1, bit += 1) {
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (((value >> at) & 1) << (bit & 7));
    }
  };
  put(0x17, 5);
  for (const channel of [red, green, blue, alpha]) put(channel, 8);
  // Hints for ETC1: differential, no intensity, no selector, the colour in five bits.
  put(1, 1);
  put(0, 5);
  for (const channel of [red, green, blue]) put(channel >> 3, 5);
  return bytes;
}
