import { avatarState } from './avatar-state.ts';
import { type MoverPose, OTHER_PARTS, type PartPose, type PartSet } from './mover-pose.ts';
import { type RotationNumbers, rotationOf } from './rotation.ts';

/** Steps of a position in one metre. */
export const POSE_UNITS_PER_METRE = 512;
/** The edge of a cell, in metres: the lower 15 bits of a coordinate lie within a cell, those above them number it. */
export const POSE_CELL_METRES = 64;
/** How far from the middle of the world a mover may be, along each axis of the ground, in metres. */
export const MAX_POSE_METRES = 4_096;
/** The same upwards and downwards. */
export const MAX_POSE_HEIGHT_METRES = 1_024;
/** How far from the body another part may be along each axis, in metres. */
export const MAX_PART_METRES = 8;
/** The greatest speed that is told along each axis, in metres a second; what is faster is told as this. */
export const MAX_POSE_SPEED = 31;
/** Steps of a velocity in one metre a second. */
export const SPEED_UNITS = 32;
/** Numbers of one part: a position, and a rotation as its largest component and the three others. */
export const PART_NUMBERS = 7;

/**
 * A pose in the steps of the wire. Its sender shows this one, and every receiver gets these very numbers, however it was
 * written; so all see the same.
 */
export interface QuantisedPose {
  readonly parts: PartSet;
  /** Seven a part, the body first; positions of other parts are from that of the body. */
  readonly numbers: Int32Array;
  /** Steps of 1/32 m/s; `null` where it is not told. */
  readonly velocity: readonly [number, number, number] | null;
  /** A number of an avatar's state. */
  readonly state: number;
  readonly speaking: boolean;
  readonly resting: boolean;
}

/** What a pose in steps says, alike on every machine. */
export function poseOf(quantised: QuantisedPose): MoverPose {
  const { numbers, parts, velocity, state, speaking, resting } = quantised;
  const body = partAt(numbers, 0, [0, 0, 0]);
  const origin = [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0] as const;
  const others: Partial<Record<(typeof OTHER_PARTS)[number], PartPose>> = {};
  let at = PART_NUMBERS;
  for (const [bit, name] of OTHER_PARTS.entries()) {
    if ((parts & (1 << bit)) === 0) continue;
    others[name] = partAt(numbers, at, origin);
    at += PART_NUMBERS;
  }
  const [vx, vy, vz] = velocity ?? [0, 0, 0];
  return {
    body,
    ...others,
    ...(velocity === null
      ? {}
      : { velocity: [vx / SPEED_UNITS, vy / SPEED_UNITS, vz / SPEED_UNITS] as const }),
    ...{ state: avatarState(state), speaking, resting },
  };
}

/** The cell along one axis in which a coordinate in steps lies: −64 to 63, of the height −16 to 15. */
export function poseCell(units: number): number {
  return Math.floor(units / (POSE_CELL_METRES * POSE_UNITS_PER_METRE));
}

function partAt(numbers: Int32Array, at: number, origin: readonly [number, number, number]): PartPose {
  const of = (place: number): number => numbers[at + place] ?? 0;
  const metres = (axis: 0 | 1 | 2): number => (of(axis) + origin[axis]) / POSE_UNITS_PER_METRE;
  const rotation: RotationNumbers = [of(3), of(4), of(5), of(6)];
  return { position: [metres(0), metres(1), metres(2)], rotation: rotationOf(rotation) };
}
