import { Color, DataTexture, EquirectangularReflectionMapping, LinearFilter, SRGBColorSpace } from 'three';

const ROWS = 64;
const COLUMNS = 4;

/** From `top` at the zenith to `horizon` half-way down, and on below it: an equirectangular texture. */
export function makeGradient(top: string, horizon: string): DataTexture {
  const pixels = new Uint8Array(ROWS * COLUMNS * 4);
  const from = new Color(horizon).convertLinearToSRGB();
  const to = new Color(top).convertLinearToSRGB();
  for (let row = 0; row < ROWS; row += 1) {
    // Row 0 is straight down. Most of the change happens near the horizon, as in the real sky.
    const height = Math.max(0, (row / (ROWS - 1)) * 2 - 1) ** 0.6;
    const { r, g, b } = from.clone().lerp(to, height);
    for (let column = 0; column < COLUMNS; column += 1) {
      pixels.set([r * 255, g * 255, b * 255, 255], (row * COLUMNS + column) * 4);
    }
  }
  const texture = new DataTexture(pixels, COLUMNS, ROWS);
  texture.mapping = EquirectangularReflectionMapping;
  texture.colorSpace = SRGBColorSpace;
  texture.magFilter = LinearFilter;
  texture.minFilter = LinearFilter;
  texture.needsUpdate = true;
  return texture;
}
