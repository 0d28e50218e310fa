/** Triangles: three numbers a vertex, three indices a triangle. */
export interface PlainMesh {
  readonly positions: Float32Array<ArrayBuffer>;
  readonly normals: Float32Array<ArrayBuffer>;
  readonly texcoords: Float32Array<ArrayBuffer>;
  readonly indices: Uint32Array<ArrayBuffer>;
}

/**
 * A surface that turns about the y axis, such as a vase or a ball.
 *
 * @param profile radius and height, in metres, from its lower end to its upper one
 */
export function turnedMesh(
  profile: readonly (readonly [radius: number, height: number])[],
  sides = 32,
): PlainMesh {
  const positions: number[] = [];
  const normals: number[] = [];
  const texcoords: number[] = [];
  const indices: number[] = [];
  for (const [ring, [radius, height]] of profile.entries()) {
    const [before, after] = [profile[ring - 1] ?? [radius, height], profile[ring + 1] ?? [radius, height]];
    const [out, up] = [after[1] - before[1], before[0] - after[0]];
    const length = Math.hypot(out, up) || 1;
    for (let side = 0; side <= sides; side += 1) {
      const angle = (side / sides) * 2 * Math.PI;
      const [x, z] = [Math.cos(angle), Math.sin(angle)];
      positions.push(radius * x, height, radius * z);
      normals.push((out / length) * x, up / length, (out / length) * z);
      texcoords.push(side / sides, ring / (profile.length - 1));
    }
  }
  const row = sides + 1;
  for (let ring = 0; ring + 1 < profile.length; ring += 1) {
    for (let side = 0; side < sides; side += 1) {
      const at = ring * row + side;
      indices.push(at, at + row, at + 1, at + 1, at + row, at + row + 1);
    }
  }
  return {
    positions: new Float32Array(positions),
    normals: new Float32Array(normals),
    texcoords: new Float32Array(texcoords),
    indices: new Uint32Array(indices),
  };
}

/** The corners of the box round a mesh. */
export function boxOf({ positions }: PlainMesh): {
  readonly min: readonly number[];
  readonly max: readonly number[];
} {
  const axis = (at: number) => positions.filter((_, index) => index % 3 === at);
  return {
    min: [0, 1, 2].map((at) => axis(at).reduce((least, value) => Math.min(least, value), Infinity)),
    max: [0, 1, 2].map((at) => axis(at).reduce((most, value) => Math.max(most, value), -Infinity)),
  };
}
