/** Vertices of a triangle mesh, ready for a glTF primitive. */
export interface Geometry {
  /** vec3 each, metres. */
  readonly positions: Float32Array<ArrayBuffer>;
  /** vec3 each, unit length. */
  readonly normals: Float32Array<ArrayBuffer>;
  /** Three a triangle, counter-clockwise seen from outside. */
  readonly indices: Uint16Array<ArrayBuffer>;
}

/** A point of a profile: distance from the y axis and height, metres. */
export type ProfilePoint = readonly [radius: number, height: number];

const SEGMENTS = 32;
const MAX_PROFILE_POINTS = 64;

/**
 * The surface that a profile sweeps when it is turned around the y axis. A profile that climbs faces away from the
 * axis, one that runs towards the axis faces up. Edges between its sections stay sharp.
 */
export function lathe(profile: readonly ProfilePoint[]): Geometry {
  if (profile.length < 2 || profile.length > MAX_PROFILE_POINTS) {
    throw new RangeError(`A profile has 2 to ${MAX_PROFILE_POINTS} points, not ${profile.length}.`);
  }
  const positions: number[] = [];
  const normals: number[] = [];
  const indices: number[] = [];
  let from = profile[0];
  for (const to of profile.slice(1)) {
    if (from !== undefined) addBand(from, to, { positions, normals, indices });
    from = to;
  }
  return {
    positions: new Float32Array(positions),
    normals: new Float32Array(normals),
    indices: new Uint16Array(indices),
  };
}

interface Growing {
  readonly positions: number[];
  readonly normals: number[];
  readonly indices: number[];
}

function addBand([r0, y0]: ProfilePoint, [r1, y1]: ProfilePoint, mesh: Growing): void {
  const length = Math.hypot(r1 - r0, y1 - y0);
  const outward = (y1 - y0) / length;
  const up = (r0 - r1) / length;
  const first = mesh.positions.length / 3;
  for (let segment = 0; segment <= SEGMENTS; segment += 1) {
    const angle = (segment / SEGMENTS) * 2 * Math.PI;
    const [x, z] = [Math.cos(angle), Math.sin(angle)];
    mesh.positions.push(r0 * x, y0, r0 * z, r1 * x, y1, r1 * z);
    mesh.normals.push(outward * x, up, outward * z, outward * x, up, outward * z);
  }
  for (let segment = 0; segment < SEGMENTS; segment += 1) {
    const [low, high, nextLow, nextHigh] = [0, 1, 2, 3].map((offset) => first + segment * 2 + offset);
    if (low === undefined || high === undefined || nextLow === undefined || nextHigh === undefined) continue;
    // At the axis one of the two triangles has no area.
    if (r0 > 0) mesh.indices.push(low, high, nextLow);
    if (r1 > 0) mesh.indices.push(high, nextHigh, nextLow);
  }
}
