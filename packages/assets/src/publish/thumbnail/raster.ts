import { CORNER_NUMBERS } from './corner-reader.ts';
import { SAMPLES_A_SIDE } from './limits.ts';
import type { Pixels } from './pixels.ts';
import { shade } from './shade.ts';
import type { Surface } from './surface.ts';

const LAST_SURE_ALPHA = 0.999;

/** Samples of a picture, square, with the nearest thing in each. */
export class Raster {
  readonly #side: number;
  /** Light times alpha, and alpha, of each sample. */
  readonly #light: Float32Array;
  /** Of the nearest opaque thing; 0 is nothing, more is nearer. */
  readonly #nearness: Float32Array;
  readonly #between = new Float64Array(CORNER_NUMBERS);
  readonly #shaded = new Float64Array(4);
  #left: number;

  /**
   * @param side of the picture, in pixels
   * @param touches how many rows and samples triangles may go over
   */
  constructor(side: number, touches: number) {
    this.#side = side * SAMPLES_A_SIDE;
    this.#left = touches;
    this.#light = new Float32Array(this.#side ** 2 * 4);
    this.#nearness = new Float32Array(this.#side ** 2);
  }

  /** Samples on each side. */
  get side(): number {
    return this.#side;
  }

  /** Whether triangles went over more than they may. */
  get isSpent(): boolean {
    return this.#left < 0;
  }

  /** Draws a triangle of projected corners. One that is seen from behind is left out, unless its surface has two sides. */
  draw(a: Float64Array, b: Float64Array, c: Float64Array, surface: Surface, isMirrored: boolean): void {
    const [ax = 0, ay = 0, aw = 0] = a;
    const [bx = 0, by = 0, bw = 0] = b;
    const [cx = 0, cy = 0, cw = 0] = c;
    const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
    if (!Number.isFinite(area) || area === 0 || !(aw > 0 && bw > 0 && cw > 0)) return;
    const isFront = area > 0 !== isMirrored;
    if (!isFront && !surface.isDoubleSided) return;
    // Those of every row lie between the three lines; a sample is in the middle of its square.
    const lowest = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5));
    const highest = Math.min(this.#side - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
    for (let row = lowest; row <= highest; row += 1) {
      const y = row + 0.5;
      const start = Math.min(
        crossing(ax, ay, bx, by, y, 1),
        crossing(bx, by, cx, cy, y, 1),
        crossing(cx, cy, ax, ay, y, 1),
      );
      const end = Math.max(
        crossing(ax, ay, bx, by, y, -1),
        crossing(bx, by, cx, cy, y, -1),
        crossing(cx, cy, ax, ay, y, -1),
      );
      const first = Math.max(0, Math.ceil(start - 0.5));
      const last = Math.min(this.#side - 1, Math.floor(end - 0.5));
      this.#left -= 1 + Math.max(0, last - first + 1);
      for (let column = first; column <= last; column += 1) {
        const x = column + 0.5;
        const ofB = ((x - ax) * (cy - ay) - (cx - ax) * (y - ay)) / area;
        const ofC = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / area;
        const ofA = 1 - ofB - ofC;
        const near = ofA * aw + ofB * bw + ofC * cw;
        const at = row * this.#side + column;
        if (!(near > (this.#nearness[at] ?? 0))) continue;
        // What is nearer counts for more of what lies between: the parts above are those of the picture, not of the triangle.
        const [partA, partB, partC] = [(ofA * aw) / near, (ofB * bw) / near, (ofC * cw) / near];
        const between = this.#between;
        for (let number = 3; number < CORNER_NUMBERS; number += 1) {
          between[number] = partA * (a[number] ?? 0) + partB * (b[number] ?? 0) + partC * (c[number] ?? 0);
        }
        shade(between, surface, isFront ? 1 : -1, this.#shaded);
        this.#put(at, near, surface);
      }
    }
  }

  #put(at: number, near: number, { alpha: mode, cutoff }: Surface): void {
    const shaded = this.#shaded;
    const own = Math.min(1, Math.max(0, shaded[3] ?? 1));
    if (mode === 'mask' && own < cutoff) return;
    const alpha = mode === 'blend' ? own : 1;
    const light = this.#light;
    for (let part = 0; part < 4; part += 1) {
      const front = part === 3 ? alpha : Math.min(1, Math.max(0, shaded[part] ?? 0)) * alpha;
      const behind = light[at * 4 + part] ?? 0;
      light[at * 4 + part] = front + behind * (1 - alpha);
    }
    if (alpha > LAST_SURE_ALPHA) this.#nearness[at] = near;
  }

  /** The picture; `null` where nothing was drawn. */
  pixels(): Pixels | null {
    const side = this.#side / SAMPLES_A_SIDE;
    const data = new Uint8Array(side ** 2 * 4);
    const sum = new Float64Array(4);
    let isEmpty = true;
    for (let row = 0; row < side; row += 1) {
      for (let column = 0; column < side; column += 1) {
        this.#sumOf(row, column, sum);
        const alpha = sum[3] ?? 0;
        if (alpha === 0) continue;
        isEmpty = false;
        // Rows of a picture go down, those of samples up.
        const at = ((side - 1 - row) * side + column) * 4;
        for (let part = 0; part < 3; part += 1) data[at + part] = srgb((sum[part] ?? 0) / alpha);
        data[at + 3] = Math.round((alpha / SAMPLES_A_SIDE ** 2) * 255);
      }
    }
    return isEmpty ? null : { width: side, height: side, data };
  }

  #sumOf(row: number, column: number, sum: Float64Array): void {
    sum.fill(0);
    for (let sample = 0; sample < SAMPLES_A_SIDE ** 2; sample += 1) {
      const y = row * SAMPLES_A_SIDE + Math.floor(sample / SAMPLES_A_SIDE);
      const x = column * SAMPLES_A_SIDE + (sample % SAMPLES_A_SIDE);
      const at = (y * this.#side + x) * 4;
      for (let part = 0; part < 4; part += 1) sum[part] = (sum[part] ?? 0) + (this.#light[at + part] ?? 0);
    }
  }
}

/** Where a line from one corner to another crosses a row; beyond everything on the side of `sign` where it does not. */
function crossing(x: number, y: number, toX: number, toY: number, row: number, sign: number): number {
  if (y === toY || row < Math.min(y, toY) || row > Math.max(y, toY)) return sign * Infinity;
  return x + ((row - y) / (toY - y)) * (toX - x);
}

/** IEC 61966-2-1. */
function srgb(light: number): number {
  const part = light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
  return Math.round(Math.min(1, Math.max(0, part)) * 255);
}
