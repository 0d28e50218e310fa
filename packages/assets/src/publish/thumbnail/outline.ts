import type { Pixels } from './pixels.ts';

/** In sRGB: seen on a white page and on a black one. */
const GREY = 128;
const STRENGTH = 0.45;
const DIAGONAL = Math.SQRT1_2;

/** The picture with a thin grey line round what it shows, so that white is seen on white and black on black. */
export function outlined({ width, height, data }: Pixels): Pixels {
  const drawn = Uint8Array.from(data);
  const alphaAt = (x: number, y: number) =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : (data[(y * width + x) * 4 + 3] ?? 0);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const own = alphaAt(x, y);
      if (own === 255) continue;
      const beside = Math.max(alphaAt(x - 1, y), alphaAt(x + 1, y), alphaAt(x, y - 1), alphaAt(x, y + 1));
      const across = Math.max(
        ...[alphaAt(x - 1, y - 1), alphaAt(x + 1, y - 1), alphaAt(x - 1, y + 1), alphaAt(x + 1, y + 1)],
      );
      const line = STRENGTH * Math.max(0, Math.max(beside, across * DIAGONAL) - own);
      if (line === 0) continue;
      // The line lies behind the picture.
      const alpha = own + line * (1 - own / 255);
      const at = (y * width + x) * 4;
      for (let part = 0; part < 3; part += 1) {
        drawn[at + part] = ((data[at + part] ?? 0) * own + GREY * (alpha - own)) / alpha;
      }
      drawn[at + 3] = Math.round(alpha);
    }
  }
  return { width, height, data: drawn };
}
