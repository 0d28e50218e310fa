import type { Pixels } from './pixels.ts';

/** What a coordinate outside of the picture shows; glTF's `wrapS` and `wrapT`. */
export type Wrap = 'repeat' | 'mirror' | 'clamp';

/** KHR_texture_transform: where in the picture the coordinates of a mesh are. */
export interface TextureTransform {
  readonly offset: readonly [number, number];
  readonly scale: readonly [number, number];
  /** Radians. */
  readonly rotation: number;
}

export interface TextureOptions {
  readonly wrapS: Wrap;
  readonly wrapT: Wrap;
  readonly transform: TextureTransform | null;
}

// IEC 61966-2-1: what each of the 256 values of a picture means in light.
const LINEAR = Float64Array.from({ length: 256 }, (_, value) => {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
});
const ALPHA_AT = 3;

/** A picture on a surface. */
export class Texture {
  readonly #pixels: Pixels;
  readonly #options: TextureOptions;

  constructor(pixels: Pixels, options: TextureOptions) {
    this.#pixels = pixels;
    this.#options = options;
  }

  /** Writes light of red, green and blue, and alpha, between the four nearest pixels. */
  sample(u: number, v: number, into: Float64Array): void {
    const { width, height, data } = this.#pixels;
    const { wrapS, wrapT, transform } = this.#options;
    const [across, down] = transform === null ? [u, v] : transformed(u, v, transform);
    const x = wrapped(across, wrapS) * width - 0.5;
    const y = wrapped(down, wrapT) * height - 0.5;
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [right, low] = [x - left, y - top];
    into.fill(0);
    for (let corner = 0; corner < 4; corner += 1) {
      const [dx, dy] = [corner & 1, corner >> 1];
      const weight = (dx === 1 ? right : 1 - right) * (dy === 1 ? low : 1 - low);
      const at = (beside(top + dy, height, wrapT) * width + beside(left + dx, width, wrapS)) * 4;
      for (let part = 0; part < ALPHA_AT; part += 1) {
        into[part] = (into[part] ?? 0) + weight * (LINEAR[data[at + part] ?? 0] ?? 0);
      }
      into[ALPHA_AT] = (into[ALPHA_AT] ?? 0) + (weight * (data[at + ALPHA_AT] ?? 0)) / 255;
    }
  }
}

function transformed(u: number, v: number, { offset, scale, rotation }: TextureTransform): [number, number] {
  const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)];
  const [x, y] = [u * scale[0], v * scale[1]];
  return [offset[0] + cos * x + sin * y, offset[1] - sin * x + cos * y];
}

/** Within 0 to 1. */
function wrapped(at: number, wrap: Wrap): number {
  if (!Number.isFinite(at)) return 0;
  if (wrap === 'clamp') return Math.min(1, Math.max(0, at));
  if (wrap === 'repeat') return at - Math.floor(at);
  const twice = at - 2 * Math.floor(at / 2);
  return twice > 1 ? 2 - twice : twice;
}

/** A pixel just outside is the one on the other side where the picture repeats, else the last one. */
function beside(at: number, count: number, wrap: Wrap): number {
  if (at >= 0 && at < count) return at;
  if (wrap === 'repeat') return at < 0 ? count - 1 : 0;
  return at < 0 ? 0 : count - 1;
}
