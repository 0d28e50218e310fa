import type { Primitive } from '@gltf-transform/core';
import type { Camera } from './camera.ts';
import { CORNER_NUMBERS, type CornerReader, NORMAL_AT } from './corner-reader.ts';
import type { Raster } from './raster.ts';
import type { Surface } from './surface.ts';
import { eachTriangle } from './triangles.ts';

/** Draws all of one part, unless the raster is spent before. */
export function drawTriangles(
  primitive: Primitive,
  reader: CornerReader,
  surface: Surface,
  raster: Raster,
  camera: Camera,
): void {
  const corners = [newCorner(), newCorner(), newCorner()] as const;
  const [first, second, third] = corners;
  eachTriangle(primitive, (...vertices) => {
    for (const [at, corner] of corners.entries()) {
      const vertex = vertices[at] ?? 0;
      reader.readPlace(vertex, corner);
      reader.readLook(vertex, corner);
    }
    if (!reader.hasNormals) turnAlike(first, second, third, reader.isMirrored);
    for (const corner of corners) camera.project(corner);
    raster.draw(first, second, third, surface, reader.isMirrored);
    return !raster.isSpent;
  });
}

function newCorner(): Float64Array {
  return new Float64Array(CORNER_NUMBERS);
}

/** Without normals of its own a triangle is flat. */
function turnAlike(a: Float64Array, b: Float64Array, c: Float64Array, isMirrored: boolean): void {
  const sign = isMirrored ? -1 : 1;
  const along = (to: Float64Array, axis: number) => (to[axis] ?? 0) - (a[axis] ?? 0);
  for (let axis = 0; axis < 3; axis += 1) {
    const [next, last] = [(axis + 1) % 3, (axis + 2) % 3];
    const part = sign * (along(b, next) * along(c, last) - along(b, last) * along(c, next));
    for (const corner of [a, b, c]) corner[NORMAL_AT + axis] = part;
  }
}
