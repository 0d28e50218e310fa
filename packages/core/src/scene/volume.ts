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

const EVERYWHERE: Box = [-Infinity, -Infinity, -Infinity, Infinity, Infinity, Infinity];

/** What is at most so far from a point: 0 is the point itself. */
export function sphereVolume(center: Point, radius: number): Volume {
  const [x, y, z] = center;
  return {
    around: [x - radius, y - radius, z - radius, x + radius, y + radius, z + radius],
    touches: (box) => distanceSquared(box, center) <= radius * radius,
  };
}

export function boxVolume(box: Box): Volume {
  return { around: box, touches: (other) => overlaps(box, other) };
}

/** What is not wholly behind one of the planes: a little more than what is seen, as renderers cull. */
export function frustumVolume(planes: readonly Plane[]): Volume {
  return {
    around: boxRound(planes),
    touches: (box) => planes.every((plane) => reaches(plane, box)),
  };
}

export function rayVolume(ray: Ray): Volume {
  const { origin, direction, maxDistance } = ray;
  const end = (axis: 0 | 1 | 2) =>
    direction[axis] === 0 ? origin[axis] : origin[axis] + direction[axis] * maxDistance;
  const [x, y, z] = [end(0), end(1), end(2)];
  return {
    around: [
      Math.min(origin[0], x),
      Math.min(origin[1], y),
      Math.min(origin[2], z),
      Math.max(origin[0], x),
      Math.max(origin[1], y),
      Math.max(origin[2], z),
    ],
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

/** The box round what six planes enclose, by its corners; everywhere, where they leave a side open. */
function boxRound(planes: readonly Plane[]): Box {
  const found = cornersOf(planes);
  const slack = 1e-6 * Math.max(1, ...found.flat().map(Math.abs));
  const corners = found.filter(
    (corner, at) => !found.slice(0, at).some((other) => isNear(corner, other, slack)),
  );
  // Six planes have eight corners only if they enclose something; with fewer a side may be open, and a box that is
  // too large only costs time.
  if (corners.length < 8) return EVERYWHERE;
  const axis = (at: 0 | 1 | 2) => corners.map((corner) => corner[at]);
  const [x, y, z] = [axis(0), axis(1), axis(2)];
  return [
    Math.min(...x) - slack,
    Math.min(...y) - slack,
    Math.min(...z) - slack,
    Math.max(...x) + slack,
    Math.max(...y) + slack,
    Math.max(...z) + slack,
  ];
}

function cornersOf(planes: readonly Plane[]): Point[] {
  const corners: Point[] = [];
  planes.forEach((a, i) => {
    planes.slice(i + 1).forEach((b, j) => {
      for (const c of planes.slice(i + j + 2)) {
        const corner = meet(a, b, c);
        if (corner !== null && planes.every((plane) => isOn(plane, corner))) corners.push(corner);
      }
    });
  });
  return corners;
}

/** Where three planes meet; `null` where two of them are parallel. */
function meet(a: Plane, b: Plane, c: Plane): Point | null {
  const bc = cross(b, c);
  const size = a[0] * bc[0] + a[1] * bc[1] + a[2] * bc[2];
  const ca = cross(c, a);
  const ab = cross(a, b);
  const at = (axis: 0 | 1 | 2) => -(a[3] * bc[axis] + b[3] * ca[axis] + c[3] * ab[axis]) / size;
  const point: Point = [at(0), at(1), at(2)];
  return point.every(Number.isFinite) ? point : null;
}

function isNear(a: Point, b: Point, metres: number): boolean {
  return Math.max(Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1]), Math.abs(a[2] - b[2])) <= metres;
}

function cross(a: Plane, b: Plane): Point {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function isOn([a, b, c, d]: Plane, [x, y, z]: Point): boolean {
  const size = Math.abs(a * x) + Math.abs(b * y) + Math.abs(c * z) + Math.abs(d);
  return a * x + b * y + c * z + d >= -1e-9 * size;
}
