import { readProperty } from '../components/validate.ts';
import { parsePath } from '../ids.ts';
import { holds, peekAt, type Registers } from './facts.ts';
import type { Mat4 } from './pose.ts';

/** x, y, z in metres. */
export type Point = readonly [number, number, number];

/** A box along the axes of the world: least x, y, z, then greatest x, y, z; metres. A point is a box of no size. */
export type Box = readonly [number, number, number, number, number, number];

const MESH_BOUNDS = parsePath('mesh.bounds');
const PRIMITIVE_SHAPE = parsePath('primitive.shape');
const PRIMITIVE_SIZE = parsePath('primitive.size');
const PRIMITIVE_PREFIX = 'primitive.';

/** Whether the place that an object takes up depends on this property, its transform apart. */
export function isBoundsPath(path: string): boolean {
  return path === MESH_BOUNDS || path.startsWith(PRIMITIVE_PREFIX);
}

/** Where an object is in the world; only what is asked for has to be worked out. */
export interface Place {
  origin(): Point;
  matrix(): Mat4;
}

/** The box round an object in the world: a point where nothing says how large it is, `null` where it is at no finite place. */
export function worldBox(registers: Registers, place: Place): Box | null {
  const local = localBox(registers);
  return local === null ? pointBox(place.origin()) : turnedBox(local, place.matrix());
}

/** The box round the model and the primitive of an object, in its own metres; `null` where nothing says how large it is. */
export function localBox(registers: Registers): Box | null {
  const model = modelBox(registers);
  const primitive = primitiveBox(registers);
  return model === null || primitive === null ? (model ?? primitive) : unionOf(model, primitive);
}

function modelBox(registers: Registers): Box | null {
  const written = peekAt(registers, MESH_BOUNDS) ?? null;
  if (written === null) return null;
  const bounds = readProperty('mesh', 'bounds', written);
  return bounds === undefined
    ? null
    : unionOf([...bounds.min, ...bounds.min], [...bounds.max, ...bounds.max]);
}

function primitiveBox(registers: Registers): Box | null {
  if (!holds(registers, PRIMITIVE_PREFIX)) return null;
  const [width, height, depth] = readProperty(
    'primitive',
    'size',
    peekAt(registers, PRIMITIVE_SIZE) ?? undefined,
  );
  const shape = readProperty('primitive', 'shape', peekAt(registers, PRIMITIVE_SHAPE) ?? undefined);
  const [x, y, z] = [width / 2, shape === 'plane' ? 0 : height / 2, depth / 2];
  return [-x, -y, -z, x, y, z];
}

/** The smallest box round both; also puts the corners of one that is inside out in order. */
export function unionOf(a: Box, b: Box): Box {
  return [
    Math.min(a[0], b[0]),
    Math.min(a[1], b[1]),
    Math.min(a[2], b[2]),
    Math.max(a[3], b[3]),
    Math.max(a[4], b[4]),
    Math.max(a[5], b[5]),
  ];
}

function pointBox([x, y, z]: Point): Box | null {
  return finite([x, y, z, x, y, z]);
}

/** The box round a box that was turned, stretched and moved: its middle moves, its half edges add up. */
function turnedBox(box: Box, matrix: Mat4): Box | null {
  const middle: Point = [(box[0] + box[3]) / 2, (box[1] + box[4]) / 2, (box[2] + box[5]) / 2];
  const half: Point = [(box[3] - box[0]) / 2, (box[4] - box[1]) / 2, (box[5] - box[2]) / 2];
  const [x, dx] = turnedAxis(0, middle, half, matrix);
  const [y, dy] = turnedAxis(1, middle, half, matrix);
  const [z, dz] = turnedAxis(2, middle, half, matrix);
  return finite([x - dx, y - dy, z - dz, x + dx, y + dy, z + dz]);
}

function turnedAxis(axis: 0 | 1 | 2, middle: Point, half: Point, matrix: Mat4): readonly [number, number] {
  const [a = 0, b = 0, c = 0, d = 0] = [matrix[axis], matrix[4 + axis], matrix[8 + axis], matrix[12 + axis]];
  return [
    a * middle[0] + b * middle[1] + c * middle[2] + d,
    Math.abs(a) * half[0] + Math.abs(b) * half[1] + Math.abs(c) * half[2],
  ];
}

function finite(box: Box): Box | null {
  return box.every(Number.isFinite) ? box : null;
}
