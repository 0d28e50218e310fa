import { PART_NUMBERS, type QuantisedPose } from './quantised-pose.ts';
import { isNear } from './write-pose-update.ts';

/** The longest from one pose of a mover to the next, in milliseconds, by which it is guessed how it goes on. */
export const MAX_FLOW_STEP_MS = 511;
/** For as long it is taken to go from one pose to the next where nothing is known of that. */
export const USUAL_STEP_MS = 50;

/** Where the parts of a mover were, and when, in milliseconds of whatever clock. */
export interface FlowPoint {
  readonly numbers: Int32Array;
  readonly atMs: number;
}

/** How a mover stands that is known to a reader, and, where that is known too, the one before. */
export interface FlowCourse {
  readonly pose: QuantisedPose;
  readonly atMs: number;
  readonly before: FlowPoint | null;
}

/** How long it took from the pose before to this one; 0 where nothing follows from that. @param sinceMs from the one moment to the other */
export function stepOf(
  { pose, atMs, before }: FlowCourse,
  sinceMs: (from: number, to: number) => number,
): number {
  if (before === null) return 0;
  const stepMs = sinceMs(before.atMs, atMs);
  return stepMs >= 1 && stepMs <= MAX_FLOW_STEP_MS && isNear(before.numbers, pose.numbers) ? stepMs : 0;
}

/**
 * Where a mover is if it goes on as it did: each number changes as much in proportion as it did in the step before. Whole numbers
 * throughout, so that it is the same on every machine.
 *
 * @param stepMs see `stepOf`; 0 for one that stays @param onMs how long it goes on
 */
export function guessAt(
  { pose: { numbers }, before }: FlowCourse,
  at: number,
  stepMs: number,
  onMs: number,
): number {
  const now = numbers[at] ?? 0;
  if (before === null || stepMs === 0 || onMs === 0) return now;
  const place = at % PART_NUMBERS;
  if (place === LARGEST) return now;
  const largest = at - place + LARGEST;
  // Other components are told where another one is the greatest.
  if (place > LARGEST && numbers[largest] !== before.numbers[largest]) return now;
  return now + Math.floor((2 * (now - (before.numbers[at] ?? 0)) * onMs + stepMs) / (2 * stepMs));
}

const LARGEST = 3;
