import { Euler, MathUtils, Quaternion } from 'three';

export type Degrees = readonly [number, number, number];
export type Quat = readonly [number, number, number, number];

// Turn first, then pitch, then roll: the order in which people think of things that stand on a floor.
const ORDER = 'YXZ';
// A hundredth of a degree: less than is lost to rounding where two of the three axes fall together.
const TOLERANCE = 1e-8;

export function degreesOf([x, y, z, w]: Quat): Degrees {
  const euler = new Euler().setFromQuaternion(new Quaternion(x, y, z, w), ORDER);
  return [tidy(euler.x), tidy(euler.y), tidy(euler.z)];
}

export function quatOf([x, y, z]: Degrees): Quat {
  const euler = new Euler(MathUtils.degToRad(x), MathUtils.degToRad(y), MathUtils.degToRad(z), ORDER);
  const quaternion = new Quaternion().setFromEuler(euler);
  return [round(quaternion.x), round(quaternion.y), round(quaternion.z), round(quaternion.w)];
}

/** Whether two quaternions turn alike; q and -q do. */
export function sameTurn(a: Quat, b: Quat): boolean {
  const dot = new Quaternion(...a).normalize().dot(new Quaternion(...b).normalize());
  return Math.abs(dot) > 1 - TOLERANCE;
}

function tidy(radians: number): number {
  return Math.round(MathUtils.radToDeg(radians) * 1_000) / 1_000 + 0;
}

// Coarser ones lose a tenth of a degree when a pitch comes near 90°.
const DIGITS = 1e9;

function round(value: number): number {
  return Math.round(value * DIGITS) / DIGITS + 0;
}
