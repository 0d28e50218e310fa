import { ProtocolError } from '../protocol-error.ts';
import type { BitReader } from './bits.ts';
import { type PartSet, partCount } from './mover-pose.ts';
import {
  AGE_STEP_MS,
  bitsOf,
  boundOf,
  COMPONENT_BITS,
  LONG_AGE,
  LONG_AGE_STEP_MS,
  MOVED_BITS,
  STATE_BITS,
  TURNED_BITS,
  VELOCITY_BITS,
  WHOLE_ROTATION,
} from './pose-layout.ts';
import { PART_NUMBERS, type QuantisedPose } from './quantised-pose.ts';
import { isRotation } from './rotation.ts';

/** What an update says after its handle. */
export interface ToldPose {
  readonly ageMs: number;
  /** `null` where the mover is out of sight. */
  readonly pose: QuantisedPose | null;
  readonly teleported: boolean;
}

/**
 * Reads one update after its handle.
 *
 * @param baseline what was told of this mover last, or `null`
 * @throws ProtocolError `malformed`
 */
export function readPoseUpdate(bits: BitReader, parts: PartSet, baseline: QuantisedPose | null): ToldPose {
  const isWhole = bits.flag();
  const hasMore = bits.flag();
  const ageMs = readAge(bits);
  if (hasMore && bits.flag()) {
    bits.align();
    return { ageMs, pose: null, teleported: false };
  }
  const teleported = hasMore && bits.flag();
  const resting = hasMore && bits.flag();
  let { state, speaking } = isWhole || baseline === null ? { state: 0, speaking: false } : baseline;
  if (hasMore && bits.flag()) {
    state = bits.unsigned(STATE_BITS);
    speaking = bits.flag();
  }
  const velocity =
    hasMore && bits.flag()
      ? ([bits.signed(VELOCITY_BITS), bits.signed(VELOCITY_BITS), bits.signed(VELOCITY_BITS)] as const)
      : null;
  const numbers = new Int32Array(partCount(parts) * PART_NUMBERS);
  if (!isWhole && baseline === null) throw malformed('a whole pose first', 'what changed');
  for (let at = 0; at < numbers.length; at += PART_NUMBERS) {
    if (isWhole || baseline === null) readWhole(bits, numbers, at);
    else readChange(bits, numbers, baseline.numbers, at);
    check(numbers, at);
  }
  bits.align();
  return { ageMs, teleported, pose: { parts, numbers, velocity, state, speaking, resting } };
}

function readAge(bits: BitReader): number {
  const steps = bits.unsigned(4);
  return steps < LONG_AGE ? steps * AGE_STEP_MS : bits.unsigned(8) * LONG_AGE_STEP_MS;
}

function readWhole(bits: BitReader, numbers: Int32Array, at: number): void {
  for (let axis = 0; axis < 3; axis++) numbers[at + axis] = bits.signed(bitsOf(at === 0, axis));
  readRotation(bits, numbers, at);
}

function readRotation(bits: BitReader, numbers: Int32Array, at: number): void {
  numbers[at + 3] = bits.unsigned(2);
  for (let place = 4; place < PART_NUMBERS; place++) numbers[at + place] = bits.signed(COMPONENT_BITS);
}

function readChange(bits: BitReader, numbers: Int32Array, since: Int32Array, at: number): void {
  for (let place = 0; place < PART_NUMBERS; place++) numbers[at + place] = since[at + place] ?? 0;
  if (!bits.flag()) return;
  for (let axis = 0; axis < 3; axis++)
    numbers[at + axis] = (numbers[at + axis] ?? 0) + bits.signed(MOVED_BITS[bits.unsigned(2)] ?? 0);
  const turned = bits.unsigned(2);
  if (turned === WHOLE_ROTATION) readRotation(bits, numbers, at);
  else if (turned > 0)
    for (let place = 4; place < PART_NUMBERS; place++)
      if (bits.flag())
        numbers[at + place] = (numbers[at + place] ?? 0) + bits.signed(TURNED_BITS[turned] ?? 0);
}

/** What changes add up to lies within the same bounds as what is told whole. */
function check(numbers: Int32Array, at: number): void {
  for (let axis = 0; axis < 3; axis++) {
    const bound = boundOf(at === 0, axis);
    const units = numbers[at + axis] ?? 0;
    if (units < -bound || units >= bound) throw malformed('a position within its bound', 'one beyond it');
  }
  if (!isRotation(numbers[at + 4] ?? 0, numbers[at + 5] ?? 0, numbers[at + 6] ?? 0))
    throw malformed('a rotation', 'numbers that are none');
}

function malformed(expected: string, got: string): ProtocolError {
  return new ProtocolError('malformed', { what: 'read poses', expected, got });
}
