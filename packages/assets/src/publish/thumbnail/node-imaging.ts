import { MAX_DRAWN_PIXELS } from '../picture/fit.ts';
import type { Imaging } from './pixels.ts';

/** Reads and writes pictures by `sharp`, which comes with the first. */
export const nodeImaging: Imaging = {
  async decode(file, _, maxSide) {
    const { default: sharp } = await import('sharp');
    const { data, info } = await sharp(file, { limitInputPixels: MAX_DRAWN_PIXELS })
      .resize({ width: maxSide, height: maxSide, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data: Uint8Array.from(data) };
  },
  async encode({ width, height, data }) {
    const { default: sharp } = await import('sharp');
    const image = sharp(data, { raw: { width, height, channels: 4 } });
    return Uint8Array.from(await image.png({ compressionLevel: 9, palette: false }).toBuffer());
  },
};
