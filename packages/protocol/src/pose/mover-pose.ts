import type { AvatarState } from './avatar-state.ts';

/** Where a part of a mover is, in metres and as a unit quaternion xyzw, in the world. */
export interface PartPose {
  readonly position: readonly [number, number, number];
  readonly rotation: readonly [number, number, number, number];
}

/** How a mover stands at one moment. Which parts there are is fixed for each mover. */
export interface MoverPose {
  readonly body: PartPose;
  readonly head?: PartPose | undefined;
  /** Hands. */
  readonly left?: PartPose | undefined;
  readonly right?: PartPose | undefined;
  /** Of the body, in metres a second; for whoever has to guess where it goes. */
  readonly velocity?: readonly [number, number, number] | undefined;
  /** Default: `stand`. */
  readonly state?: AvatarState | undefined;
  readonly speaking?: boolean | undefined;
  /** It will not move on until it is told of again. */
  readonly resting?: boolean | undefined;
}

/** The parts that a mover may have beside its body, in the order of their bits. */
export const OTHER_PARTS = ['head', 'left', 'right'] as const;

/** Which parts a mover has beside its body: 1 head, 2 left hand, 4 right hand. */
export type PartSet = number;

/** Head and both hands. */
export const ALL_PARTS: PartSet = 7;

export function partSetOf(pose: MoverPose): PartSet {
  let parts = 0;
  for (const [bit, name] of OTHER_PARTS.entries()) if (pose[name] !== undefined) parts |= 1 << bit;
  return parts;
}

/** How many parts that are, the body included. */
export function partCount(parts: PartSet): number {
  return 1 + (parts & 1) + ((parts >> 1) & 1) + ((parts >> 2) & 1);
}
