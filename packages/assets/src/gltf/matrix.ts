import { mat4 } from 'gl-matrix';

/** Column by column, as glTF has them; doubles, since a model may be small and far away. */
export type Matrix = Float64Array;

export function identity(): Matrix {
  const matrix = new Float64Array(16);
  for (const at of [0, 5, 10, 15]) matrix[at] = 1;
  return matrix;
}

/** Where something is whose place in something else is `right`, and where that is, is `left`. */
export function multiplied(left: Matrix, right: ArrayLike<number>): Matrix {
  const product = new Float64Array(16);
  mat4.multiply(product, left, Float64Array.from(right));
  return product;
}
