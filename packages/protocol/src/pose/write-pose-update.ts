import { BitWriter } from './bits.ts';
import { type MoverHandle, writeHandle } from './mover-handle.ts';
import {
  AGE_STEP_MS,
  bitsOf,
  COMPONENT_BITS,
  fits,
  LONG_AGE,
  LONG_AGE_STEP_MS,
  MAX_LONG_AGE,
  MOVED_BITS,
  STATE_BITS,
  TURNED_BITS,
  VELOCITY_BITS,
  WHOLE_ROTATION,
} from './pose-layout.ts';
import { PART_NUMBERS, type QuantisedPose } from './quantised-pose.ts';

/** What is told of one mover. */
export interface PoseTelling {
  readonly handle: MoverHandle;
  readonly pose: QuantisedPose;
  /** What this reader was told of it last; `null` where that was nothing, or it is out of sight. */
  readonly baseline: QuantisedPose | null;
  /** How long before the time of the frame it stood so, in milliseconds. */
  readonly ageMs: number;
  /** It did not move there from where it was. */
  readonly teleported?: boolean;
}

/** Made once: updates come by the thousand. */
const BITS = new BitWriter();

/** The bytes of one update within a frame of poses: what changed since the baseline where that is small, else all of it. */
export function writePoseUpdate({ handle, pose, baseline, ageMs, teleported }: PoseTelling): Uint8Array {
  const bits = BITS;
  const since = baseline !== null && isNear(pose.numbers, baseline.numbers) ? baseline : null;
  const known = since ?? NOTHING;
  const more = hasMore(pose, known, teleported === true);
  writeHandle(bits, handle);
  bits.flag(since === null);
  bits.flag(more);
  writeAge(bits, ageMs);
  if (more) writeMore(bits, pose, known, teleported === true);
  for (let at = 0; at < pose.numbers.length; at += PART_NUMBERS) {
    if (since === null) writeWhole(bits, pose.numbers, at);
    else writeChange(bits, pose.numbers, since.numbers, at);
  }
  return bits.finish();
}

/** What a mover does beside moving, and what is known of it before it is told whole. */
type Doing = Pick<QuantisedPose, 'state' | 'speaking'>;
export const NOTHING: Doing = { state: 0, speaking: false };

/** Whether there is more to say of a pose than where its parts are. */
export function hasMore(pose: QuantisedPose, known: Doing, teleported: boolean): boolean {
  return teleported || pose.resting || pose.velocity !== null || isOther(pose, known);
}

/** Says so, of a mover that is in sight. */
export function writeMore(bits: BitWriter, pose: QuantisedPose, known: Doing, teleported: boolean): void {
  bits.flag(false);
  bits.flag(teleported);
  bits.flag(pose.resting);
  const isStateTold = isOther(pose, known);
  bits.flag(isStateTold);
  if (isStateTold) {
    bits.write(pose.state, STATE_BITS);
    bits.flag(pose.speaking);
  }
  bits.flag(pose.velocity !== null);
  for (const speed of pose.velocity ?? []) bits.write(speed, VELOCITY_BITS);
}

function isOther(pose: Doing, known: Doing): boolean {
  return pose.state !== known.state || pose.speaking !== known.speaking;
}

/** The bytes that say that a mover is out of this reader's sight: it is told whole where it comes back. */
export function writeHidden(handle: MoverHandle): Uint8Array {
  const bits = BITS;
  writeHandle(bits, handle);
  bits.flag(false);
  bits.flag(true);
  writeAge(bits, 0);
  bits.flag(true);
  return bits.finish();
}

function writeAge(bits: BitWriter, ageMs: number): void {
  const steps = Math.max(0, Math.round(ageMs / AGE_STEP_MS));
  bits.write(Math.min(LONG_AGE, steps), 4);
  if (steps >= LONG_AGE) bits.write(Math.min(MAX_LONG_AGE, Math.round(ageMs / LONG_AGE_STEP_MS)), 8);
}

/** All of a part. */
export function writeWhole(bits: BitWriter, numbers: Int32Array, at: number): void {
  for (let axis = 0; axis < 3; axis++) bits.write(numbers[at + axis] ?? 0, bitsOf(at === 0, axis));
  writeRotation(bits, numbers, at);
}

export function writeRotation(bits: BitWriter, numbers: Int32Array, at: number): void {
  bits.write(numbers[at + 3] ?? 0, 2);
  for (let place = 4; place < PART_NUMBERS; place++) bits.write(numbers[at + place] ?? 0, COMPONENT_BITS);
}

/** What changed of a part that is near to where it was. */
export function writeChange(bits: BitWriter, numbers: Int32Array, since: Int32Array, at: number): void {
  const change = (place: number): number => (numbers[at + place] ?? 0) - (since[at + place] ?? 0);
  let isChanged = false;
  for (let place = 0; place < PART_NUMBERS; place++) isChanged ||= change(place) !== 0;
  bits.flag(isChanged);
  if (!isChanged) return;
  for (let axis = 0; axis < 3; axis++) {
    const choice = choiceOf(change(axis), MOVED_BITS);
    bits.write(choice, 2);
    bits.write(change(axis), MOVED_BITS[choice] ?? 0);
  }
  const turned = change(3) === 0 ? turnOf(change(4), change(5), change(6)) : WHOLE_ROTATION;
  bits.write(turned, 2);
  if (turned === WHOLE_ROTATION) writeRotation(bits, numbers, at);
  else if (turned > 0)
    for (let place = 4; place < PART_NUMBERS; place++) {
      bits.flag(change(place) !== 0);
      if (change(place) !== 0) bits.write(change(place), TURNED_BITS[turned] ?? 0);
    }
}

function turnOf(a: number, b: number, c: number): number {
  const choice = Math.max(choiceOf(a, TURNED_BITS), choiceOf(b, TURNED_BITS), choiceOf(c, TURNED_BITS));
  return choice < TURNED_BITS.length ? choice : WHOLE_ROTATION;
}

/** The first of the widths that hold a change; past them all where none does. */
function choiceOf(change: number, widths: readonly number[]): number {
  let choice = 0;
  while (choice < widths.length && !fits(change, widths[choice] ?? 0)) choice += 1;
  return choice;
}

/** Whether what changed can be told. */
export function isNear(numbers: Int32Array, since: Int32Array): boolean {
  if (numbers.length !== since.length) return false;
  const widest = MOVED_BITS.at(-1) ?? 0;
  for (let at = 0; at < numbers.length; at += PART_NUMBERS)
    for (let axis = 0; axis < 3; axis++)
      if (!fits((numbers[at + axis] ?? 0) - (since[at + axis] ?? 0), widest)) return false;
  return true;
}
