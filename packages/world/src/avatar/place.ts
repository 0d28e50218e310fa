import type { Mat4, SceneObject, Transform } from '@weft/core';
import type { PartPose } from '@weft/protocol';
import { mat4, quat, vec3 } from 'gl-matrix';

type Quaternion = [number, number, number, number];

/** The rotation of a matrix, whatever its scale; upright where it has none. */
export function rotationOf(matrix: Mat4): PartPose['rotation'] {
  const rotation: Quaternion = [0, 0, 0, 1];
  // Not by `mat4.getRotation`: gl-matrix 3.4 divides rows by the scales of columns.
  const axes = [0, 4, 8].flatMap((at) => {
    const axis = [matrix[at] ?? 0, matrix[at + 1] ?? 0, matrix[at + 2] ?? 0];
    const length = Math.hypot(...axis);
    return axis.map((each) => each / length);
  });
  const [a = 1, b = 0, c = 0, d = 0, e = 1, f = 0, g = 0, h = 0, i = 1] = axes;
  quat.fromMat3(rotation, [a, b, c, d, e, f, g, h, i]);
  return unit(rotation);
}

/** Where a point of an object is in the world. */
export function pointOf(matrix: Mat4, point: readonly [number, number, number]): PartPose['position'] {
  const placed: [number, number, number] = [0, 0, 0];
  vec3.transformMat4(placed, [...point], writable(matrix));
  return placed;
}

/**
 * What an object's transform has to be under its parent, so that it is at a place of the world. Its scale stays.
 *
 * @param parent from the parent to the world
 */
export function transformUnder(
  parent: Mat4,
  { position, rotation }: PartPose,
): Pick<Transform, 'position' | 'rotation'> {
  const inverse = mat4.invert(writable(parent), writable(parent));
  // A parent without extent shows nothing: where something is under it says nothing either.
  if (inverse === null) return { position: [0, 0, 0], rotation };
  const local: [number, number, number] = [0, 0, 0];
  vec3.transformMat4(local, [...position], inverse);
  const turned: Quaternion = [0, 0, 0, 1];
  quat.multiply(turned, quat.invert([0, 0, 0, 1], [...rotationOf(parent)]), [...rotation]);
  return { position: local, rotation: unit(turned) };
}

/** Where an object is in the world. */
export function placeOf({ worldMatrix }: Pick<SceneObject, 'worldMatrix'>): PartPose {
  return { position: pointOf(worldMatrix, [0, 0, 0]), rotation: rotationOf(worldMatrix) };
}

function unit(rotation: Quaternion): PartPose['rotation'] {
  const length = Math.hypot(...rotation);
  if (!(length > 0) || !Number.isFinite(length)) return [0, 0, 0, 1];
  const [x, y, z, w] = rotation;
  return [x / length, y / length, z / length, w / length];
}

// gl-matrix reads sixteen numbers; float64, or millimetres are lost far from the middle.
function writable(matrix: Mat4): mat4 {
  const [a = 1, b = 0, c = 0, d = 0, e = 0, f = 1, g = 0, h = 0] = matrix;
  const [i = 0, j = 0, k = 1, l = 0, m = 0, n = 0, o = 0, p = 1] = matrix.slice(8);
  return [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p];
}
