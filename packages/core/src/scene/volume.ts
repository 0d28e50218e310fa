import type { Box, Point } from './box.ts';

/** A part of the world that is asked for. */
export interface Volume {
  /** Nothing outside this box touches it; infinite where it has no end. */
  readonly around: Box;
  readonly touches: (box: Box) => boolean;
}

/** The half space `a x + b y + c z + d >= 0`. */
export type Plane = readonly [number, number, number, number];

/** A half line: `direction` has length 1. */
export interface Ray {
  readonly origin: Point;
  readonly direction: Point;
  /** Metres; may be infinite. */
  readonly maxDistance: number;
}

/** More than rounding can move a side: in metres, and as a share of how far out it is. */
const SLACK_METRES = 1e-6;
const SLACK_SHARE = 1e-9;

const EVERYWHERE: Box = [-Infinity, -Infinity, -Infinity, Infinity, Infinity, Infinity];

/** What is at most so far from a point: 0 is the point itself. */
export function sphereVolume(center: Point, radius: number): Volume {
  const [x, y, z] = center;
  return {
    around: widened([x - radius, y - radius, z - radius, x + radius, y + radius, z + radius]),
    touches: (box) => distanceSquared(box, center) <= radius * radius,
  };
}

export function boxVolume(box: Box): Volume {
  return { around: box, touches: (other) => overlaps(box, other) };
}

/** What is not wholly behind one of the planes: a little more than what is seen, as renderers cull. */
export function frustumVolume(planes: readonly Plane[]): Volume {
  // What is large may reach before every plane and yet lie beside all corners, so no box can be drawn round it.
  return { around: EVERYWHERE, touches: (box) => planes.every((plane) => reaches(plane, box)) };
}

export function rayVolume(ray: Ray): Volume {
  const { origin, direction, maxDistance } = ray;
  const end = (axis: 0 | 1 | 2) =>
    direction[axis] === 0 ? origin[axis] : origin[axis] + direction[axis] * maxDistance;
  const [x, y, z] = [end(0), end(1), end(2)];
  return {
    around: widened([
      Math.min(origin[0], x),
      Math.min(origin[1], y),
      Math.min(origin[2], z),
      Math.max(origin[0], x),
      Math.max(origin[1], y),
      Math.max(origin[2], z),
    ]),
    touches: (box) => distanceAlong(ray, box) !== null,
  };
}

/** From a point to the nearest point of a box, squared metres; 0 inside. */
export function distanceSquared(box: Box, [x, y, z]: Point): number {
  const dx = Math.max(box[0] - x, 0, x - box[3]);
  const dy = Math.max(box[1] - y, 0, y - box[4]);
  const dz = Math.max(box[2] - z, 0, z - box[5]);
  return dx * dx + dy * dy + dz * dz;
}

/** Metres along a ray to where it enters a box, 0 where it starts inside; `null` where it misses it. */
export function distanceAlong({ origin, direction, maxDistance }: Ray, box: Box): number | null {
  let near = 0;
  let far = maxDistance;
  for (const [low, high, from, slope] of [
    [box[0], box[3], origin[0], direction[0]],
    [box[1], box[4], origin[1], direction[1]],
    [box[2], box[5], origin[2], direction[2]],
  ] as const) {
    if (slope === 0) {
      if (from < low || from > high) return null;
      continue;
    }
    const [a, b] = [(low - from) / slope, (high - from) / slope];
    near = Math.max(near, Math.min(a, b));
    far = Math.min(far, Math.max(a, b));
  }
  return near <= far ? near : null;
}

function overlaps(a: Box, b: Box): boolean {
  return a[0] <= b[3] && b[0] <= a[3] && a[1] <= b[4] && b[1] <= a[4] && a[2] <= b[5] && b[2] <= a[5];
}

/** Whether the corner that lies furthest along the plane's normal is on its side. */
function reaches([a, b, c, d]: Plane, box: Box): boolean {
  return (
    a * (a > 0 ? box[3] : box[0]) + b * (b > 0 ? box[4] : box[1]) + c * (c > 0 ? box[5] : box[2]) + d >= 0
  );
}

/** Nothing that touches may be missed for the rounding of its distance. */
function widened(box: Box): Box {
  const low = (side: number) => side - SLACK_METRES - Math.abs(side) * SLACK_SHARE;
  const high = (side: number) => side + SLACK_METRES + Math.abs(side) * SLACK_SHARE;
  return [low(box[0]), low(box[1]), low(box[2]), high(box[3]), high(box[4]), high(box[5])];
}
