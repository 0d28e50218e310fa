type Vec3 = readonly [number, number, number];

/** Where a projected corner says how near it is. */
export const NEARNESS_AT = 2;

// From above, in front and to the right: three sides of a box are seen, the front one most.
const AZIMUTH = 0.62;
const ELEVATION = 0.42;
/** Half of the angle of view, as its tangent: narrow, so that what is near is not blown up. */
const TANGENT = Math.tan(0.26);
/** How much of the picture's side a model takes. */
const FILLED_PART = 0.94;
/** How far the camera stays from what is nearest, as a part of what it sees. */
const CLEARANCE = 0.05;

const BACK: Vec3 = [
  Math.cos(ELEVATION) * Math.sin(AZIMUTH),
  Math.sin(ELEVATION),
  Math.cos(ELEVATION) * Math.cos(AZIMUTH),
];
const RIGHT: Vec3 = [Math.cos(AZIMUTH), 0, -Math.sin(AZIMUTH)];
const UP: Vec3 = [
  -Math.sin(ELEVATION) * Math.sin(AZIMUTH),
  Math.cos(ELEVATION),
  -Math.sin(ELEVATION) * Math.cos(AZIMUTH),
];

/** The way a camera looks at every model: its axes in the model's space, right-handed. */
export const CAMERA_AXES = { right: RIGHT, up: UP, back: BACK } as const;

/** Finds the nearest camera, of given direction and angle, that has every point in view. */
export class Framing {
  readonly #sides = { right: -Infinity, left: Infinity, top: -Infinity, bottom: Infinity };
  #nearest = -Infinity;
  #farthest = Infinity;

  /** A corner that is to be in view, in metres; one that is no number is left out. */
  add([x = 0, y = 0, z = 0]: Float64Array): void {
    const across = x * RIGHT[0] + y * RIGHT[1] + z * RIGHT[2];
    const above = x * UP[0] + y * UP[1] + z * UP[2];
    const near = x * BACK[0] + y * BACK[1] + z * BACK[2];
    if (!Number.isFinite(across + above + near)) return;
    // Each side of a view is a plane; the outermost point along its normal is the one that touches it.
    const sides = this.#sides;
    const narrowed = near * TANGENT;
    if (across + narrowed > sides.right) sides.right = across + narrowed;
    if (across - narrowed < sides.left) sides.left = across - narrowed;
    if (above + narrowed > sides.top) sides.top = above + narrowed;
    if (above - narrowed < sides.bottom) sides.bottom = above - narrowed;
    if (near > this.#nearest) this.#nearest = near;
    if (near < this.#farthest) this.#farthest = near;
  }

  /** @returns `null` where there is nothing with an extent */
  camera(samples: number): Camera | null {
    const { right, left, top, bottom } = this.#sides;
    const reach = Math.max(right - left, top - bottom) / (2 * TANGENT);
    const depth = this.#nearest - this.#farthest;
    if (!Number.isFinite(reach) || !Number.isFinite(depth)) return null;
    const distance = Math.max(reach, this.#nearest + CLEARANCE * Math.max(depth, reach - this.#nearest));
    if (!(distance - this.#nearest > 0)) return null;
    return new Camera((right + left) / 2, (top + bottom) / 2, distance, distance - this.#farthest, samples);
  }
}

export class Camera {
  readonly #across: number;
  readonly #above: number;
  readonly #distance: number;
  readonly #scale: number;
  readonly #half: number;

  constructor(across: number, above: number, distance: number, scale: number, samples: number) {
    this.#across = across;
    this.#above = above;
    this.#distance = distance;
    this.#scale = scale;
    this.#half = samples / 2;
  }

  /** Turns the place of a corner, its first three numbers, into samples from the lower left, and nearness of 1 or more. */
  project(corner: Float64Array): void {
    const [x = 0, y = 0, z = 0] = corner;
    const across = x * RIGHT[0] + y * RIGHT[1] + z * RIGHT[2] - this.#across;
    const above = x * UP[0] + y * UP[1] + z * UP[2] - this.#above;
    const depth = this.#distance - (x * BACK[0] + y * BACK[1] + z * BACK[2]);
    const size = (this.#half * FILLED_PART) / (depth * TANGENT);
    corner[0] = this.#half + across * size;
    corner[1] = this.#half + above * size;
    corner[NEARNESS_AT] = this.#scale / depth;
  }
}
