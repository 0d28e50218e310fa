import type { DrawThumbnail } from '../publish-file.ts';
import { MAX_DRAWN_PIXELS } from './fit.ts';

/** Draws pictures small, and nothing else. */
export const drawPicture: DrawThumbnail = async (bytes, kind, { side }) => {
  if (kind.use !== 'picture') return null;
  const { default: sharp } = await import('sharp');
  const small = sharp(bytes, { limitInputPixels: MAX_DRAWN_PIXELS })
    .autoOrient()
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true });
  return { bytes: Uint8Array.from(await small.webp().toBuffer()), type: 'image/webp' };
};
