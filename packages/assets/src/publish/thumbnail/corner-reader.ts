import type { Matrix } from '../../gltf/matrix.ts';
import type { DrawnPart } from './drawn-parts.ts';
import { type Elements, elementsOf } from './elements.ts';

/** Where the numbers of a corner lie: place (later samples and nearness), normal, texture coordinates, colour. */
export const CORNER_NUMBERS = 12;
export const NORMAL_AT = 3;
export const UV_AT = 6;
export const COLOUR_AT = 8;

const BONES_A_VERTEX = 4;

/** Reads the vertices of one part where it is shown. */
export class CornerReader {
  readonly hasNormals: boolean;
  /** Whether the part is turned inside out where it is shown: its triangles are clockwise. */
  readonly isMirrored: boolean;
  readonly #positions: Elements | null;
  readonly #normals: Elements | null;
  readonly #coordinates: Elements | null;
  readonly #colours: Elements | null;
  readonly #joints: Elements | null;
  readonly #weights: Elements | null;
  readonly #bones: readonly Matrix[] | null;
  readonly #matrix: Matrix;
  readonly #blended = new Float64Array(16);

  /** @param texCoord which of the sets of texture coordinates */
  constructor({ primitive, matrix, bones }: DrawnPart, texCoord: number) {
    const read = (name: string) => elementsOf(primitive.getAttribute(name));
    this.#positions = read('POSITION');
    this.#normals = read('NORMAL');
    this.#coordinates = read(`TEXCOORD_${texCoord}`);
    this.#colours = read('COLOR_0');
    this.#joints = bones === null ? null : read('JOINTS_0');
    this.#weights = bones === null ? null : read('WEIGHTS_0');
    this.#bones = this.#joints === null || this.#weights === null ? null : bones;
    this.#matrix = matrix;
    this.hasNormals = this.#normals !== null;
    this.isMirrored = this.#bones === null && determinant(matrix) < 0;
  }

  /** Where a vertex is, in metres. */
  readPlace(vertex: number, corner: Float64Array): void {
    const from = this.#positions;
    if (from === null) return;
    const at = vertex * from.size;
    const x = (from.array[at] ?? 0) * from.factor;
    const y = (from.array[at + 1] ?? 0) * from.factor;
    const z = (from.array[at + 2] ?? 0) * from.factor;
    const m = this.#matrixAt(vertex);
    for (let axis = 0; axis < 3; axis += 1) {
      corner[axis] =
        (m[axis] ?? 0) * x + (m[axis + 4] ?? 0) * y + (m[axis + 8] ?? 0) * z + (m[axis + 12] ?? 0);
    }
  }

  /** All of a vertex but its place; without normals in the file they stay as they were. */
  readLook(vertex: number, corner: Float64Array): void {
    this.#readNormal(vertex, corner);
    const uv = this.#coordinates;
    corner[UV_AT] = uv === null ? 0 : (uv.array[vertex * uv.size] ?? 0) * uv.factor;
    corner[UV_AT + 1] = uv === null ? 0 : (uv.array[vertex * uv.size + 1] ?? 0) * uv.factor;
    const colour = this.#colours;
    for (let part = 0; part < 4; part += 1) {
      const isThere = colour !== null && part < colour.size;
      corner[COLOUR_AT + part] = isThere
        ? (colour.array[vertex * colour.size + part] ?? 1) * colour.factor
        : 1;
    }
  }

  #readNormal(vertex: number, corner: Float64Array): void {
    const from = this.#normals;
    if (from === null) return;
    const at = vertex * from.size;
    const x = (from.array[at] ?? 0) * from.factor;
    const y = (from.array[at + 1] ?? 0) * from.factor;
    const z = (from.array[at + 2] ?? 0) * from.factor;
    const m = this.#matrixAt(vertex);
    // The cofactors turn a normal as its surface is turned and stretched, up to its length.
    const sign = this.isMirrored ? -1 : 1;
    for (let axis = 0; axis < 3; axis += 1) {
      const [second, third] = [(axis + 1) % 3, (axis + 2) % 3];
      const cofactor = (left: number, right: number) =>
        (m[left + second] ?? 0) * (m[right + third] ?? 0) - (m[left + third] ?? 0) * (m[right + second] ?? 0);
      corner[NORMAL_AT + axis] = sign * (cofactor(4, 8) * x + cofactor(8, 0) * y + cofactor(0, 4) * z);
    }
  }

  #matrixAt(vertex: number): Matrix {
    const [bones, joints, weights] = [this.#bones, this.#joints, this.#weights];
    if (bones === null || joints === null || weights === null) return this.#matrix;
    const blended = this.#blended.fill(0);
    for (let part = 0; part < BONES_A_VERTEX; part += 1) {
      const weight = (weights.array[vertex * weights.size + part] ?? 0) * weights.factor;
      const bone = bones[joints.array[vertex * joints.size + part] ?? 0];
      if (weight === 0 || bone === undefined) continue;
      for (let at = 0; at < 16; at += 1) blended[at] = (blended[at] ?? 0) + weight * (bone[at] ?? 0);
    }
    return blended;
  }
}

function determinant(m: Matrix): number {
  const [a = 0, b = 0, c = 0, , d = 0, e = 0, f = 0, , g = 0, h = 0, i = 0] = m;
  return a * (e * i - f * h) - d * (b * i - c * h) + g * (b * f - c * e);
}
