import { imageSize } from '../../picture/image-size.ts';
import { fitInto } from '../picture/fit.ts';
import type { Imaging } from './pixels.ts';

/** Reads and writes pictures as the browser does. */
export const browserImaging: Imaging = {
  async decode(file, type, maxSide) {
    const size = imageSize(file);
    if (size === null) throw new Error(`${type} has no size that is known`);
    const { width, height } = fitInto(maxSide, size);
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(file)], { type }), {
      ...{ resizeWidth: width, resizeHeight: height, resizeQuality: 'medium' },
    });
    try {
      const context = contextOf(width, height);
      context.drawImage(bitmap, 0, 0, width, height);
      return { width, height, data: Uint8Array.from(context.getImageData(0, 0, width, height).data) };
    } finally {
      bitmap.close();
    }
  },
  async encode({ width, height, data }) {
    const context = contextOf(width, height);
    context.putImageData(new ImageData(Uint8ClampedArray.from(data), width, height), 0, 0);
    const blob = await context.canvas.convertToBlob({ type: 'image/png' });
    return new Uint8Array(await blob.arrayBuffer());
  },
};

function contextOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (context === null) throw new Error('this browser draws on no canvas');
  return context;
}
