import type { ImageSize } from './image-size.ts';

// KTX File Format Specification, version 2.0, section 3 "KTX 2.0 file structure".
const IDENTIFIER = [0xab, 0x4b, 0x54, 0x58, 0x20, 0x32, 0x30, 0xbb, 0x0d, 0x0a, 0x1a, 0x0a];
const HEADER_BYTES = 80;
const LEVEL_INDEX_BYTES = 24;
const BLOCK_PIXELS = 4;
const UASTC_BLOCK_BYTES = 16;
/** A texture of 65,535 pixels has no more. */
const MAX_LEVELS = 16;
const SUPERCOMPRESSION = { none: 0, basisLz: 1, zstandard: 2 } as const;

export function isKtx2(bytes: Uint8Array): boolean {
  return IDENTIFIER.every((byte, at) => bytes[at] === byte);
}

export function ktx2Size(bytes: Uint8Array): ImageSize | null {
  if (bytes.length < HEADER_BYTES) return null;
  const view = viewOf(bytes);
  return { width: view.getUint32(20, true), height: view.getUint32(24, true) };
}

/**
 * What is wrong with a KTX2 file as `KHR_texture_basisu` allows it, read from its header and indexes alone; `null` where nothing
 * is. Sizes that it declares are held to its pixels, offsets to its bytes.
 */
export function ktx2Complaint(bytes: Uint8Array): string | null {
  if (bytes.length < HEADER_BYTES) return 'a KTX2 picture in it is cut off';
  const view = viewOf(bytes);
  const word = (at: number) => view.getUint32(at, true);
  const long = (at: number) => Number(view.getBigUint64(at, true));
  if (word(12) !== 0) return 'a KTX2 picture in it is not of Basis Universal';
  const [width, height, depth, layers, faces, levels, scheme] = [20, 24, 28, 32, 36, 40, 44].map(word);
  if (width === undefined || height === undefined || levels === undefined) return null;
  if (depth !== 0 || layers !== 0 || faces !== 1) return 'a KTX2 picture in it is not flat';
  if (levels < 1 || levels > MAX_LEVELS || 2 ** (levels - 1) > Math.max(width, height)) {
    return `a KTX2 picture in it declares ${levels} levels of ${width} × ${height}`;
  }
  if (
    scheme !== SUPERCOMPRESSION.none &&
    scheme !== SUPERCOMPRESSION.basisLz &&
    scheme !== SUPERCOMPRESSION.zstandard
  ) {
    return `a KTX2 picture in it is packed in a way ${scheme} that is unknown`;
  }
  const within = (offset: number, length: number) => offset + length <= bytes.length;
  const described = within(word(48), word(52)) && within(word(56), word(60)) && within(long(64), long(72));
  if (!described || !within(HEADER_BYTES, levels * LEVEL_INDEX_BYTES))
    return 'a KTX2 picture in it is cut off';
  for (let level = 0; level < levels; level += 1) {
    const at = HEADER_BYTES + level * LEVEL_INDEX_BYTES;
    const [offset, length, unpacked] = [long(at), long(at + 8), long(at + 16)];
    if (length === 0 || !within(offset, length)) return 'a KTX2 picture in it is cut off';
    const real = blocks(width, level) * blocks(height, level) * UASTC_BLOCK_BYTES;
    // Of BasisLZ nobody knows before it is decoded, and the file has to say so.
    const honest = scheme === SUPERCOMPRESSION.basisLz ? 0 : real;
    if (unpacked !== honest || (scheme === SUPERCOMPRESSION.none && length !== real)) {
      return `a KTX2 picture in it declares ${unpacked} bytes where ${width} × ${height} pixels have ${honest}`;
    }
  }
  return null;
}

function blocks(pixels: number, level: number): number {
  return Math.ceil(Math.max(1, Math.floor(pixels / 2 ** level)) / BLOCK_PIXELS);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
