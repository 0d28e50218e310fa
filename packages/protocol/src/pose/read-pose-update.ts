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
import { NOTHING } from './write-pose-update.ts';

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
  const said = hasMore ? readMore(bits, isWhole || baseline === null ? NOTHING : baseline) : null;
  if (said === 'hidden') {
    bits.align();
    return { ageMs, pose: null, teleported: false };
  }
  const { teleported, ...doing } = said ?? goesOn(isWhole || baseline === null ? NOTHING : baseline);
  const numbers = new Int32Array(partCount(parts) * PART_NUMBERS);
  if (!isWhole && baseline === null) throw malformed('a whole pose first', 'what changed');
  for (let at = 0; at < numbers.length; at += PART_NUMBERS) {
    if (isWhole || baseline === null) readWhole(bits, numbers, at);
    else readChange(bits, numbers, baseline.numbers, at);
    checkPart(numbers, at);
  }
  bits.align();
  return { ageMs, teleported, pose: { parts, numbers, ...doing } };
}

/** What there is to say of a pose beside where its parts are. */
export interface More extends Omit<QuantisedPose, 'parts' | 'numbers'> {
  readonly teleported: boolean;
}

/** What is said where it is said that there is more; `hidden` where the mover is out of sight. */
export function readMore(bits: BitReader, known: Pick<QuantisedPose, 'state' | 'speaking'>): More | 'hidden' {
  if (bits.flag()) return 'hidden';
  const teleported = bits.flag();
  const resting = bits.flag();
  let { state, speaking } = known;
  if (bits.flag()) {
    state = bits.unsigned(STATE_BITS);
    speaking = bits.flag();
  }
  const velocity = bits.flag()
    ? ([bits.signed(VELOCITY_BITS), bits.signed(VELOCITY_BITS), bits.signed(VELOCITY_BITS)] as const)
    : null;
  return { teleported, resting, state, speaking, velocity };
}

/** The same where no more is said. */
export function goesOn({ state, speaking }: Pick<QuantisedPose, 'state' | 'speaking'>): More {
  return { teleported: false, resting: false, state, speaking, velocity: null };
}

function readAge(bits: BitReader): number {
  const steps = bits.unsigned(4);
  return steps < LONG_AGE ? steps * AGE_STEP_MS : bits.unsigned(8) * LONG_AGE_STEP_MS;
}

export function readWhole(bits: BitReader, numbers: Int32Array, at: number): void {
  for (let axis = 0; axis < 3; axis++) numbers[at + axis] = bits.signed(bitsOf(at === 0, axis));
  readRotation(bits, numbers, at);
}

export function readRotation(bits: BitReader, numbers: Int32Array, at: number): void {
  numbers[at + 3] = bits.unsigned(2);
  for (let place = 4; place < PART_NUMBERS; place++) numbers[at + place] = bits.signed(COMPONENT_BITS);
}

export function readChange(bits: BitReader, numbers: Int32Array, since: Int32Array, at: number): void {
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

/** @throws ProtocolError `malformed` unless what changes add up to lies within the same bounds as what is told whole. */
export function checkPart(numbers: Int32Array, at: number): void {
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
