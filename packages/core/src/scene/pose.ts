import { mat4, quat } from 'gl-matrix';
import { readProperty } from '../components/validate.ts';
import { parsePath } from '../ids.ts';
import type { Value } from '../value/value.ts';
import { peekAt, type Registers } from './facts.ts';

/** Sixteen numbers, column-major, metres; copy it before changing it. */
export type Mat4 = readonly number[];

type Quaternion = readonly [number, number, number, number];

export const TRANSFORM_PREFIX = 'transform.';

const POSITION = parsePath('transform.position');
const ROTATION = parsePath('transform.rotation');
const SCALE = parsePath('transform.scale');

/** What of an object's registers says where it is under its parent. */
interface Placing {
  readonly position: Value | undefined;
  readonly rotation: Value | undefined;
  readonly scale: Value | undefined;
}

/** Where an object was at one moment: immutable, shared by objects without a transform of their own, computed when asked for. */
export class Pose {
  readonly #parent: Pose | null;
  readonly #placing: Placing;
  #matrix: number[] | null = null;

  constructor(parent: Pose | null, placing: Placing) {
    this.#parent = parent;
    this.#placing = placing;
  }

  /** From the object to the world. */
  get matrix(): Mat4 {
    return this.#world();
  }

  #world(): number[] {
    if (this.#matrix !== null) return this.#matrix;
    const local = localMatrix(this.#placing);
    const isTop = this.#parent === null || this.#parent === ROOT_POSE;
    this.#matrix = isTop ? local : product(this.#parent.#world(), local);
    return this.#matrix;
  }
}

export const ROOT_POSE = new Pose(null, { position: undefined, rotation: undefined, scale: undefined });

/** The pose of an object under its parent's. */
export function poseUnder(parent: Pose, registers: Registers): Pose {
  const position = peekAt(registers, POSITION) ?? undefined;
  const rotation = peekAt(registers, ROTATION) ?? undefined;
  const scale = peekAt(registers, SCALE) ?? undefined;
  if (position === undefined && rotation === undefined && scale === undefined) return parent;
  return new Pose(parent, { position, rotation, scale });
}

function localMatrix({ position, rotation, scale }: Placing): number[] {
  const local = blank();
  mat4.fromRotationTranslationScale(
    local,
    unitOf(readProperty('transform', 'rotation', rotation)),
    readProperty('transform', 'position', position),
    readProperty('transform', 'scale', scale),
  );
  return local;
}

/**
 * `originOf(poseUnder(parent, registers).matrix)` by the same operations, without the other fifteen sixteenths: most
 * objects have nothing below them, and need no pose of their own to be found.
 */
export function originUnder(parent: Pose, registers: Registers): readonly [number, number, number] {
  const position = peekAt(registers, POSITION) ?? undefined;
  const isPlaced =
    position !== undefined ||
    (peekAt(registers, ROTATION) ?? undefined) !== undefined ||
    (peekAt(registers, SCALE) ?? undefined) !== undefined;
  if (!isPlaced) return originOf(parent.matrix);
  const local = readProperty('transform', 'position', position);
  if (parent === ROOT_POSE) return local;
  const [x, y, z] = local;
  const m = parent.matrix;
  return [along(m, 0, x, y, z), along(m, 1, x, y, z), along(m, 2, x, y, z)];
}

/** One coordinate of a point that a matrix moves, added up in gl-matrix's order. */
function along(m: Mat4, axis: number, x: number, y: number, z: number): number {
  return x * (m[axis] ?? 0) + y * (m[4 + axis] ?? 0) + z * (m[8 + axis] ?? 0) + (m[12 + axis] ?? 0);
}

/** Where a matrix puts the origin, in metres. */
export function originOf(matrix: Mat4): readonly [number, number, number] {
  return [matrix[12] ?? 0, matrix[13] ?? 0, matrix[14] ?? 0];
}

/** A rotation of no length turns nothing. */
function unitOf(rotation: Quaternion): [number, number, number, number] {
  const unit: [number, number, number, number] = [0, 0, 0, 1];
  if (quat.length(rotation) > 0) quat.normalize(unit, rotation);
  return unit;
}

function product(a: number[], b: number[]): number[] {
  const result = blank();
  mat4.multiply(result, a, b);
  return result;
}

// Float64: float32 loses millimetres a few kilometres from the origin, and gl-matrix would make one by itself.
function blank(): number[] {
  return [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
}
