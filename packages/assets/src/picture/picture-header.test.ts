import { ktx2File, pngHead } from '@weft/testing/gltf';
import { describe, expect, it } from 'vitest';
import { imageSize } from './image-size.ts';
import {
  MAX_IMAGE_PIXELS,
  MAX_SHOWN_THUMBNAIL_SIDE,
  refuseImage,
  refuseTexture,
  refuseThumbnail,
} from './picture-header.ts';

describe('the size of a picture', () => {
  it('is read from the head of PNG, JPEG and WebP', () => {
    const jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 17, 8, 0, 20, 0, 30, 3];
    expect(imageSize(pngHead(640, 480))).toEqual({ width: 640, height: 480 });
    expect(imageSize(Uint8Array.from(jpeg))).toEqual({ width: 30, height: 20 });
    const webp = new Uint8Array(30);
    webp.set(new TextEncoder().encode('RIFF'), 0);
    webp.set(new TextEncoder().encode('WEBPVP8X'), 8);
    webp.set([99, 0, 0, 49, 0, 0], 24);
    expect(imageSize(webp)).toEqual({ width: 100, height: 50 });
  });

  it('is unknown for anything else, and for what is cut off', () => {
    for (const bytes of [new Uint8Array(), new Uint8Array(64), pngHead(1, 1).subarray(0, 20)]) {
      expect(imageSize(bytes)).toBeNull();
    }
  });

  it('ends in a JPEG whose segments lead nowhere', () => {
    const loop = new Uint8Array(4_096).fill(0xff);
    loop.set([0xff, 0xd8, 0xff, 0xe0, 0, 0], 0);
    expect(imageSize(loop)).toBeNull();
  });

  it('is accepted up to the bound and refused past it', () => {
    expect(refuseImage(pngHead(4_096, MAX_IMAGE_PIXELS / 4_096))).toBeNull();
    expect(refuseImage(pngHead(4_096, MAX_IMAGE_PIXELS / 4_096 + 1))).toMatch(/megapixels/);
    expect(refuseImage(pngHead(0, 5))).toMatch(/no pixels/);
  });
});

describe('the head of a thumbnail', () => {
  it('[AS84] is taken at the bound, refused one past it on either side, and where it is of no picture', () => {
    const most = MAX_SHOWN_THUMBNAIL_SIDE;
    expect(refuseThumbnail(pngHead(most, most))).toBeNull();
    expect(refuseThumbnail(pngHead(most + 1, 1))).toMatch(/513 × 1; at most 512/);
    expect(refuseThumbnail(pngHead(1, most + 1))).toMatch(/1 × 513/);
    expect(refuseThumbnail(pngHead(0, 1))).toMatch(/no pixels/);
    expect(refuseThumbnail(new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toMatch(
      /not a PNG/,
    );
  });
});

describe('the head of a KTX2 file', () => {
  const changed = (at: number, value: number) => {
    const bytes = ktx2File(16, 8, [1, 2, 3, 255]);
    new DataView(bytes.buffer).setUint32(at, value, true);
    return refuseTexture(bytes);
  };

  it('[AS42] is taken where it is true, and its pixels are counted', () => {
    expect(refuseTexture(ktx2File(16, 8, [1, 2, 3, 255]))).toBeNull();
    expect(refuseTexture(ktx2File(30, 7, [1, 2, 3, 128]))).toBeNull();
    expect(refuseImage(ktx2File(16, 8, [1, 2, 3, 255]))).toMatch(/not a PNG/);
  });

  it.each([
    ['another format than Basis Universal', 12, 37],
    ['65,536 pixels a side', 20, 65_536],
    ['a few more pixels than it has bytes for', 24, 4_096],
    ['depth', 28, 2],
    ['layers', 32, 2],
    ['six faces', 36, 6],
    ['no level', 40, 0],
    ['more levels than there are', 40, 6],
    ['an unknown way of packing', 44, 3],
    ['a descriptor past its end', 48, 1_000_000],
    ['global data past its end', 64, 1_000_000],
    ['global data of 2^60 bytes', 76, 1 << 28],
    ['a level past its end', 80, 1_000_000],
    ['a level longer than the file', 88, 1_000_000],
    ['a level that becomes more than its pixels', 96, 1_000_000],
  ])('[AS42] is refused where it declares %s', (_, at, value) => {
    expect(changed(at, value)).not.toBeNull();
  });

  it('[AS42] is refused where it ends too soon', () => {
    const bytes = ktx2File(16, 8, [1, 2, 3, 255]);
    for (let length = 12; length < bytes.length; length += 1) {
      expect(refuseTexture(bytes.subarray(0, length))).not.toBeNull();
    }
  });
});
