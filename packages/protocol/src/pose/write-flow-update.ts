import { BitWriter } from './bits.ts';
import { isShort, shortBits, writeShort } from './codes.ts';
import {
  type FlowCourse,
  type FlowPoint,
  guessAt,
  MAX_FLOW_STEP_MS,
  stepOf,
  USUAL_STEP_MS,
} from './flow-course.ts';
import {
  FLOW_AGE_BITS,
  FLOW_STEP_BITS,
  FLOW_WHOLE_ROTATION,
  FORMS,
  LONG_FORM,
  MAX_FLOW_AGE_MS,
  MOST_ONES,
  MOST_STEP_ONES,
  MOVED_SHIFTS,
  SHORT_AGE_BITS,
  STEP_SHIFT,
  TURNED_SHIFTS,
  USUAL_SHIFT,
} from './flow-layout.ts';
import type { MoverHandle } from './mover-handle.ts';
import { PART_NUMBERS, type QuantisedPose } from './quantised-pose.ts';
import { hasMore, NOTHING, writeChange, writeMore, writeRotation, writeWhole } from './write-pose-update.ts';

/** What a frame `pose-flow` says of one mover, without its handle: bits, so that many frames may hold the same. */
export interface FlowUpdate {
  readonly handle: MoverHandle;
  readonly bytes: Uint8Array;
  /** How many bits of them. */
  readonly length: number;
}

export interface FlowTelling {
  readonly handle: MoverHandle;
  readonly pose: QuantisedPose;
  /** When it stood so, and what is the time of the frame, in milliseconds. */
  readonly atMs: number;
  readonly frameMs: number;
}

/** Made once: updates come by the thousand. */
const BITS = new BitWriter();
/** What each number differs from what was guessed. */
const LEFT_OVER = new Int32Array(4 * PART_NUMBERS);

/**
 * What is told of a mover to readers who know how it stood, and how it came there, by frames of this kind; `null` where it
 * has to be told anew: it jumped, rests, does something else, or moved in another way than anybody would guess.
 */
export function writeFlowOn(
  { handle, pose, atMs, frameMs }: FlowTelling,
  course: FlowCourse,
): FlowUpdate | null {
  const { numbers } = pose;
  if (numbers.length !== course.pose.numbers.length || hasMore(pose, course.pose, false)) return null;
  const onMs = atMs - course.atMs;
  const isOn = onMs >= 1 && onMs <= MAX_FLOW_STEP_MS;
  const stepMs = isOn ? stepOf(course, between) : 0;
  for (let at = 0; at < numbers.length; at++)
    LEFT_OVER[at] = (numbers[at] ?? 0) - guessAt(course, at, stepMs, onMs);
  for (let at = 0; at < numbers.length; at += PART_NUMBERS)
    if (shiftFor(MOVED_SHIFTS, at, 0) === MOVED_SHIFTS.length) return null;
  writeTime(onMs, isOn, stepMs, frameMs - atMs);
  for (let at = 0; at < numbers.length; at += PART_NUMBERS) writePart(numbers, at);
  return taken(handle);
}

/** What is told of a mover to readers who may know nothing of it. @param before how it stood before, by which others know how it goes on */
export function writeFlowAnew(
  { handle, pose, atMs, frameMs }: FlowTelling,
  before: FlowPoint | null,
  teleported: boolean,
): FlowUpdate {
  const course = { pose, atMs, before };
  const stepMs = stepOf(course, between);
  writeForm(FORMS.anew);
  writeAge(frameMs - atMs);
  const more = hasMore(pose, NOTHING, teleported);
  BITS.flag(more);
  if (more) writeMore(BITS, pose, NOTHING, teleported);
  for (let at = 0; at < pose.numbers.length; at += PART_NUMBERS) writeWhole(BITS, pose.numbers, at);
  BITS.flag(stepMs > 0);
  if (before !== null && stepMs > 0) {
    BITS.write(stepMs, FLOW_STEP_BITS);
    for (let at = 0; at < pose.numbers.length; at += PART_NUMBERS)
      writeChange(BITS, before.numbers, pose.numbers, at);
  }
  return taken(handle);
}

/** That a mover is out of their sight. */
export function writeFlowHidden(handle: MoverHandle): FlowUpdate {
  writeForm(FORMS.anew);
  writeAge(0);
  BITS.flag(true);
  BITS.flag(true);
  return taken(handle);
}

function taken(handle: MoverHandle): FlowUpdate {
  const { length } = BITS;
  return { handle, length, bytes: BITS.finish() };
}

function between(fromMs: number, toMs: number): number {
  return toMs - fromMs;
}

function writeAge(ageMs: number): void {
  BITS.write(Math.max(0, Math.min(MAX_FLOW_AGE_MS, ageMs)), FLOW_AGE_BITS);
}

function writeTime(onMs: number, isOn: boolean, stepMs: number, ageMs: number): void {
  const other = onMs - (stepMs === 0 ? USUAL_STEP_MS : stepMs);
  if (isOn && isShort(other, STEP_SHIFT, MOST_STEP_ONES)) {
    writeShort(BITS, other, STEP_SHIFT);
    return;
  }
  if (isOn && ageMs >= 0 && ageMs < LONG_FORM) {
    writeEscape();
    BITS.write(ageMs, SHORT_AGE_BITS);
  } else if (isOn) {
    writeForm(FORMS.step);
    BITS.write(onMs, FLOW_STEP_BITS);
  } else {
    writeForm(FORMS.stayed);
    writeAge(ageMs);
  }
}

function writeEscape(): void {
  BITS.write((1 << MOST_STEP_ONES) - 1, MOST_STEP_ONES);
}

function writeForm(form: number): void {
  writeEscape();
  BITS.write(LONG_FORM, SHORT_AGE_BITS);
  BITS.write(form, 2);
}

function writePart(numbers: Int32Array, at: number): void {
  const moved = shiftFor(MOVED_SHIFTS, at, 0);
  const turned = (LEFT_OVER[at + 3] ?? 0) !== 0 ? FLOW_WHOLE_ROTATION - 1 : shiftFor(TURNED_SHIFTS, at, 4);
  const isUsual =
    MOVED_SHIFTS[moved] === USUAL_SHIFT && (turned < 0 || TURNED_SHIFTS[turned] === USUAL_SHIFT);
  BITS.flag(!isUsual);
  if (!isUsual) BITS.write(moved + 1, 2);
  writeShorts(at, moved < 0 ? null : (MOVED_SHIFTS[moved] ?? 0));
  if (isUsual) BITS.flag(turned >= 0);
  else BITS.write(turned + 1, 2);
  if (turned + 1 === FLOW_WHOLE_ROTATION) writeRotation(BITS, numbers, at);
  else writeShorts(at + 4, turned < 0 ? null : (TURNED_SHIFTS[turned] ?? 0));
}

/** Three of what is left over; `null` for nothing. */
function writeShorts(from: number, shift: number | null): void {
  for (let at = from; at < from + 3 && shift !== null; at++) writeShort(BITS, LEFT_OVER[at] ?? 0, shift);
}

/** By which of them three are written in the fewest bits; −1 where nothing is left over, past them all where none will do. */
function shiftFor(shifts: readonly number[], at: number, place: number): number {
  const from = at + place;
  const [a, b, c] = [LEFT_OVER[from] ?? 0, LEFT_OVER[from + 1] ?? 0, LEFT_OVER[from + 2] ?? 0];
  if (a === 0 && b === 0 && c === 0) return -1;
  let [best, least] = [shifts.length, Number.POSITIVE_INFINITY];
  for (const [choice, shift] of shifts.entries()) {
    if (!isShort(a, shift, MOST_ONES) || !isShort(b, shift, MOST_ONES) || !isShort(c, shift, MOST_ONES))
      continue;
    const bits = shortBits(a, shift) + shortBits(b, shift) + shortBits(c, shift);
    if (bits < least) [best, least] = [choice, bits];
  }
  return best;
}
