import { ProtocolError } from '../protocol-error.ts';
import { stateNumber } from './avatar-state.ts';
import { type MoverPose, OTHER_PARTS, type PartPose, partCount, partSetOf } from './mover-pose.ts';
import { boundOf } from './pose-layout.ts';
import {
  MAX_PART_METRES,
  MAX_POSE_HEIGHT_METRES,
  MAX_POSE_METRES,
  MAX_POSE_SPEED,
  PART_NUMBERS,
  POSE_UNITS_PER_METRE,
  type QuantisedPose,
  SPEED_UNITS,
} from './quantised-pose.ts';
import { quantiseRotation } from './rotation.ts';

/**
 * A pose in the steps of the wire: positions to the nearest 1/512 m, rotations to within 0.2°. Its sender calls this too,
 * and shows what it gives.
 *
 * @throws ProtocolError `malformed` for what is not finite, lies beyond 4,096 m (1,024 m in height), has a part more than 8 m from its body,
 * or is no rotation; nothing of that kind can be written at all
 */
export function quantisePose(pose: MoverPose): QuantisedPose {
  const parts = partSetOf(pose);
  const numbers = new Int32Array(partCount(parts) * PART_NUMBERS);
  place(numbers, 0, pose.body);
  let at = PART_NUMBERS;
  for (const name of OTHER_PARTS) {
    const part = pose[name];
    if (part === undefined) continue;
    place(numbers, at, part);
    at += PART_NUMBERS;
  }
  return {
    ...{ parts, numbers },
    velocity: pose.velocity === undefined ? null : quantiseVelocity(pose.velocity),
    state: stateNumber(pose.state ?? 'stand'),
    speaking: pose.speaking ?? false,
    resting: pose.resting ?? false,
  };
}

/** The body comes first, and the others are counted from it. */
function place(numbers: Int32Array, at: number, { position, rotation }: PartPose): void {
  const isBody = at === 0;
  for (let axis = 0; axis < 3; axis++) {
    const units = Math.round((position[axis] ?? Number.NaN) * POSE_UNITS_PER_METRE);
    const fromThere = isBody ? units : units - (numbers[axis] ?? 0);
    const bound = boundOf(isBody, axis);
    if (!(fromThere >= -bound && fromThere < bound)) throw outside(position, isBody);
    numbers[at + axis] = fromThere;
  }
  numbers.set(quantiseRotation(rotation), at + 3);
}

function quantiseVelocity([x, y, z]: readonly [number, number, number]): [number, number, number] {
  const steps = (speed: number): number => {
    if (!Number.isFinite(speed))
      throw new ProtocolError('malformed', {
        what: 'send a pose',
        expected: 'a finite velocity',
        got: String(speed),
      });
    return Math.round(Math.max(-MAX_POSE_SPEED, Math.min(MAX_POSE_SPEED, speed)) * SPEED_UNITS) || 0;
  };
  return [steps(x), steps(y), steps(z)];
}

function outside(position: readonly number[], isBody: boolean): ProtocolError {
  return new ProtocolError('malformed', {
    what: 'send a pose',
    expected: isBody
      ? `finite coordinates less than ${MAX_POSE_METRES} m from the middle of the world, ${MAX_POSE_HEIGHT_METRES} m in height`
      : `finite coordinates less than ${MAX_PART_METRES} m from the body`,
    got: `[${position.join(', ')}]`,
  });
}
