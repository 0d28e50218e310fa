import { type ObjectId, ROOT, type SceneObject } from '@weft/core';
import { Matrix4, Quaternion, Vector3 } from 'three';
import type { TransformPatch } from './transform-patch.ts';

interface Source {
  get(id: ObjectId): SceneObject | undefined;
}

/** World matrix of an object, or of the root. */
export function worldMatrixOf(source: Source, id: ObjectId): Matrix4 {
  const matrix = id === ROOT ? undefined : source.get(id)?.worldMatrix;
  return matrix === undefined ? new Matrix4() : new Matrix4().fromArray([...matrix]);
}

/**
 * The transform that keeps an object where it is when it moves to another parent; `null` where that is its
 * transform already. What a sheared parent would need cannot be said in three vectors and is lost.
 */
export function keepPlace(source: Source, id: ObjectId, parent: ObjectId): TransformPatch | null {
  const object = source.get(id);
  if (object === undefined || object.parent === parent) return null;
  const above = worldMatrixOf(source, parent);
  // A parent flattened to nothing has no inverse: whatever we wrote, the object would be flat.
  if (Math.abs(above.determinant()) < 1e-12) return null;
  return transformOf(above.invert().multiply(worldMatrixOf(source, id)));
}

const DIGITS = 1e6;

/** A matrix as position, rotation and scale, rounded to what a person could mean: micrometres. */
export function transformOf(matrix: Matrix4): Required<TransformPatch> {
  const position = new Vector3();
  const rotation = new Quaternion();
  const scale = new Vector3();
  matrix.decompose(position, rotation, scale);
  rotation.normalize();
  return {
    position: [round(position.x), round(position.y), round(position.z)],
    rotation: [round(rotation.x), round(rotation.y), round(rotation.z), round(rotation.w)],
    scale: [round(scale.x), round(scale.y), round(scale.z)],
  };
}

function round(value: number): number {
  return Math.round(value * DIGITS) / DIGITS + 0;
}
