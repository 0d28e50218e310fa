import { ProtocolError } from '../protocol-error.ts';

/** The smallest three components of a unit quaternion lie within the root of one half. */
const STEPS = 511;
const SCALE = STEPS * Math.SQRT2;
/** What the three may add up to in squares, so that there is a fourth. */
const MAX_SQUARES = 2 * STEPS * STEPS;
/** A quaternion that is shorter says nothing. */
const MIN_LENGTH = 1e-6;

/** Which component is the greatest and left out, and the others in order, −511 to 511 each. */
export type RotationNumbers = readonly [largest: number, a: number, b: number, c: number];

/** @throws ProtocolError `malformed` for what is no rotation */
export function quantiseRotation(rotation: readonly number[]): RotationNumbers {
  const length = Math.hypot(...rotation);
  if (!(length > MIN_LENGTH && length < Number.POSITIVE_INFINITY) || rotation.length !== 4)
    throw new ProtocolError('malformed', {
      what: 'send a pose',
      expected: 'a quaternion of four finite numbers, not all of them zero',
      got: `[${rotation.join(', ')}]`,
    });
  let largest = 0;
  for (let at = 1; at < 4; at++)
    if (Math.abs(rotation[at] ?? 0) > Math.abs(rotation[largest] ?? 0)) largest = at;
  // A rotation has two quaternions; the one with a positive greatest component is sent.
  const scale = ((rotation[largest] ?? 0) < 0 ? -SCALE : SCALE) / length;
  const [a = 0, b = 0, c = 0] = rotation
    .filter((_, at) => at !== largest)
    .map((component) => Math.round(component * scale));
  return [largest, a, b, c];
}

/** The same four numbers on every machine: only operations that IEEE 754 rounds exactly. */
export function rotationOf([largest, a, b, c]: RotationNumbers): [number, number, number, number] {
  const most = Math.sqrt(MAX_SQUARES - (a * a + b * b + c * c)) / SCALE;
  const [x, y, z] = [a / SCALE, b / SCALE, c / SCALE];
  if (largest === 0) return [most, x, y, z];
  if (largest === 1) return [x, most, y, z];
  return largest === 2 ? [x, y, most, z] : [x, y, z, most];
}

/** Whether a reader may make a rotation of them. */
export function isRotation(a: number, b: number, c: number): boolean {
  return isStep(a) && isStep(b) && isStep(c) && a * a + b * b + c * c <= MAX_SQUARES;
}

function isStep(component: number): boolean {
  return component >= -STEPS && component <= STEPS;
}
