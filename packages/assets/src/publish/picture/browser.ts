import type { DrawThumbnail } from '../publish-file.ts';
import { fitInto } from './fit.ts';

/** Draws pictures small, on a canvas, and nothing else. */
export const drawPicture: DrawThumbnail = async (bytes, kind, { side }) => {
  if (kind.use !== 'picture') return null;
  const bitmap = await createImageBitmap(new Blob([Uint8Array.from(bytes)], { type: kind.type }));
  try {
    const { width, height } = fitInto(side, bitmap);
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0, width, height);
    const blob = await canvas.convertToBlob({ type: 'image/webp' });
    return { bytes: new Uint8Array(await blob.arrayBuffer()), type: blob.type };
  } finally {
    bitmap.close();
  }
};
