import type { MoverPose, PartPose } from '@weft/protocol';

type Vec3 = readonly [number, number, number];
type Quaternion = readonly [number, number, number, number];

/** Turned less far than this from each other, rotations are as well mixed as turned. */
const ALMOST_EQUAL = 0.9995;

/**
 * How a mover stood between two moments: positions along a line, or, where both tell a velocity, along the curve that has
 * those at its ends; rotations the short way at an even speed. What is no number of theirs is the earlier one's.
 *
 * @param share of the way from the one to the other, 0 to 1
 * @param spanMs from the one to the other
 */
export function blend(from: MoverPose, to: MoverPose, share: number, spanMs: number): MoverPose {
  const curve = hermite(from.velocity, to.velocity, share, spanMs);
  const body = part(from.body, to.body, share, curve);
  // Other parts lie about the body: along the same curve they stay in their place.
  const other = (a: PartPose | undefined, b: PartPose | undefined): PartPose | undefined =>
    a === undefined || b === undefined ? a : part(a, b, share, curve);
  return {
    ...from,
    body,
    ...optional('head', other(from.head, to.head)),
    ...optional('left', other(from.left, to.left)),
    ...optional('right', other(from.right, to.right)),
  };
}

/** Where it would be if it went on so. @param velocity in metres a second @param ms how long */
export function onward(pose: MoverPose, velocity: Vec3, ms: number): MoverPose {
  const moved = ({ position: [x, y, z], rotation }: PartPose): PartPose => ({
    position: [x + velocity[0] * (ms / 1000), y + velocity[1] * (ms / 1000), z + velocity[2] * (ms / 1000)],
    rotation,
  });
  const { head, left, right } = pose;
  return {
    ...pose,
    body: moved(pose.body),
    ...optional('head', head && moved(head)),
    ...optional('left', left && moved(left)),
    ...optional('right', right && moved(right)),
  };
}

function optional(name: 'head' | 'left' | 'right', pose: PartPose | undefined) {
  return pose === undefined ? {} : { [name]: pose };
}

/** How far the curve lies from the line, in metres. */
function hermite(from: Vec3 | undefined, to: Vec3 | undefined, s: number, spanMs: number) {
  if (from === undefined || to === undefined) return null;
  const seconds = spanMs / 1000;
  const outOf = s * (1 - s) * (1 - s) * seconds;
  const into = s * s * (s - 1) * seconds;
  // Of both positions the curve has 3s² − 2s³ of the way where the line has s.
  return { share: s * s * (3 - 2 * s), by: (axis: 0 | 1 | 2) => outOf * from[axis] + into * to[axis] };
}

function part(from: PartPose, to: PartPose, share: number, curve: ReturnType<typeof hermite>): PartPose {
  const along = (axis: 0 | 1 | 2): number => {
    const [a, b] = [from.position[axis], to.position[axis]];
    return curve === null ? a + (b - a) * share : a + (b - a) * curve.share + curve.by(axis);
  };
  return {
    position: [along(0), along(1), along(2)],
    rotation: turn(from.rotation, to.rotation, share),
  };
}

function turn(from: Quaternion, to: Quaternion, share: number): Quaternion {
  const dot = from[0] * to[0] + from[1] * to[1] + from[2] * to[2] + from[3] * to[3];
  const cosine = Math.min(1, Math.abs(dot));
  let [a, b] = [1 - share, share];
  if (cosine < ALMOST_EQUAL) {
    const angle = Math.acos(cosine);
    [a, b] = [Math.sin(a * angle) / Math.sin(angle), Math.sin(b * angle) / Math.sin(angle)];
  }
  if (dot < 0) b = -b;
  const x = a * from[0] + b * to[0];
  const y = a * from[1] + b * to[1];
  const z = a * from[2] + b * to[2];
  const w = a * from[3] + b * to[3];
  const length = Math.hypot(x, y, z, w);
  return length === 0 ? from : [x / length, y / length, z / length, w / length];
}
