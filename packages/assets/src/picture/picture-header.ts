import { type ImageSize, imageSize } from './image-size.ts';
import { isKtx2, ktx2Complaint, ktx2Size } from './ktx2-header.ts';

/** A picture decodes to four bytes a pixel whatever its file weighs: 16 megapixels are 64 MiB. */
export const MAX_IMAGE_PIXELS = 16_777_216;

/** The longest side of a thumbnail that is shown; ours have 256 pixels. Decoded it takes a mebibyte. */
export const MAX_SHOWN_THUMBNAIL_SIDE = 512;

/** Why these bytes must not be decoded as a picture, or `null` where they may: a PNG, JPEG or WebP within bounds. */
export function refuseImage(bytes: Uint8Array): string | null {
  const size = imageSize(bytes);
  return size === null ? 'it is not a PNG, JPEG or WebP picture' : refuseSize(size);
}

/** The same for a thumbnail, of which many are shown at once. */
export function refuseThumbnail(bytes: Uint8Array): string | null {
  const { width, height } = imageSize(bytes) ?? { width: 0, height: 0 };
  if (Math.max(width, height) <= MAX_SHOWN_THUMBNAIL_SIDE) return refuseImage(bytes);
  return `the thumbnail is ${width} × ${height}; at most ${MAX_SHOWN_THUMBNAIL_SIDE} pixels a side are shown`;
}

/** The same for a texture of a model, which may also be a KTX2 file of Basis Universal whose header is true. */
export function refuseTexture(bytes: Uint8Array): string | null {
  if (!isKtx2(bytes)) return refuseImage(bytes);
  return ktx2Complaint(bytes) ?? refuseSize(textureSize(bytes));
}

/** In pixels; nothing where the bytes are no picture. */
export function textureSize(bytes: Uint8Array): ImageSize {
  return (isKtx2(bytes) ? ktx2Size(bytes) : imageSize(bytes)) ?? { width: 0, height: 0 };
}

function refuseSize({ width, height }: ImageSize): string | null {
  if (width === 0 || height === 0) return 'the picture has no pixels';
  if (width * height <= MAX_IMAGE_PIXELS) return null;
  return `the picture is ${width} × ${height}; at most ${MAX_IMAGE_PIXELS / 1_048_576} megapixels are shown`;
}
