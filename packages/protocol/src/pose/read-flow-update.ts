import { ProtocolError } from '../protocol-error.ts';
import type { BitReader } from './bits.ts';
import { readShort } from './codes.ts';
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
import { type PartSet, partCount } from './mover-pose.ts';
import { poseTime } from './pose-time.ts';
import { PART_NUMBERS } from './quantised-pose.ts';
import { checkPart, goesOn, readChange, readMore, readRotation, readWhole } from './read-pose-update.ts';
import { NOTHING } from './write-pose-update.ts';

/** What an update of a frame `pose-flow` says after its handle. */
export interface ToldFlow {
  readonly ageMs: number;
  readonly teleported: boolean;
  /** How it stands, and how it came there; `null` where it is out of sight. */
  readonly course: FlowCourse | null;
}

/**
 * Reads one update after its handle.
 *
 * @param frame the time of the frame, of 16 bits, as are all here
 * @param known what is known of the mover by frames of this kind; `null` for nothing
 * @throws ProtocolError `malformed`
 */
export function readFlowUpdate(
  bits: BitReader,
  parts: PartSet,
  frame: number,
  known: FlowCourse | null,
): ToldFlow {
  const time = readTime(bits);
  if (time.form === 'anew') return readAnew(bits, parts, frame);
  if (known === null) throw malformed('a mover that was told of by a frame of this kind', 'another');
  const stepMs = time.form === 'stayed' ? 0 : stepOf(known, between);
  const onMs = onOf(time, frame, known, stepMs);
  const atMs = time.form === 'stayed' ? poseTime(frame - time.ms) : poseTime(known.atMs + onMs);
  const numbers = new Int32Array(known.pose.numbers.length);
  for (let at = 0; at < numbers.length; at += PART_NUMBERS) {
    for (let place = 0; place < PART_NUMBERS; place++)
      numbers[at + place] = guessAt(known, at + place, stepMs, onMs);
    readPart(bits, numbers, at);
    checkPart(numbers, at);
  }
  const { teleported, ...doing } = goesOn(known.pose);
  // How it went on says nothing after a longer time.
  const before = onMs === 0 ? null : { numbers: known.pose.numbers, atMs: known.atMs };
  return {
    ageMs: ageOf(frame, atMs),
    teleported,
    course: { pose: { parts, numbers, ...doing }, atMs, before },
  };
}

/** Passes over one update after its handle, whatever is known of the mover. */
export function skipFlowUpdate(bits: BitReader, parts: PartSet): void {
  const { form } = readTime(bits);
  if (form === 'anew') {
    readAnew(bits, parts, 0);
    return;
  }
  const numbers = new Int32Array(partCount(parts) * PART_NUMBERS);
  for (let at = 0; at < numbers.length; at += PART_NUMBERS) {
    readPart(bits, numbers, at);
    checkPart(numbers, at);
  }
}

function readAnew(bits: BitReader, parts: PartSet, frame: number): ToldFlow {
  const ageMs = bits.unsigned(FLOW_AGE_BITS);
  const said = bits.flag() ? readMore(bits, NOTHING) : goesOn(NOTHING);
  if (said === 'hidden') return { ageMs, teleported: false, course: null };
  const { teleported, ...doing } = said;
  const numbers = new Int32Array(partCount(parts) * PART_NUMBERS);
  for (let at = 0; at < numbers.length; at += PART_NUMBERS) {
    readWhole(bits, numbers, at);
    checkPart(numbers, at);
  }
  const atMs = poseTime(frame - ageMs);
  const before = bits.flag() ? readBefore(bits, numbers, atMs) : null;
  return { ageMs, teleported, course: { pose: { parts, numbers, ...doing }, atMs, before } };
}

function readBefore(bits: BitReader, since: Int32Array, atMs: number): FlowPoint {
  const stepMs = bits.unsigned(FLOW_STEP_BITS);
  if (stepMs === 0) throw malformed('a pose of before', 'one of the same moment');
  const numbers = new Int32Array(since.length);
  for (let at = 0; at < numbers.length; at += PART_NUMBERS) {
    readChange(bits, numbers, since, at);
    checkPart(numbers, at);
  }
  return { numbers, atMs: poseTime(atMs - stepMs) };
}

/** What an update says of when the mover stood so. */
interface FlowTime {
  /** More than the step before; since the known pose; before the frame, where it went on, or where it stayed; or anew. */
  readonly form: 'more' | 'step' | 'age' | 'stayed' | 'anew';
  readonly ms: number;
}

function readTime(bits: BitReader): FlowTime {
  const more = readShort(bits, STEP_SHIFT, MOST_STEP_ONES);
  if (more !== null) return { form: 'more', ms: more };
  const age = bits.unsigned(SHORT_AGE_BITS);
  if (age !== LONG_FORM) return { form: 'age', ms: age };
  const form = bits.unsigned(2);
  if (form === FORMS.anew) return { form: 'anew', ms: 0 };
  if (form === FORMS.stayed) return { form: 'stayed', ms: bits.unsigned(FLOW_AGE_BITS) };
  if (form === FORMS.step) return { form: 'step', ms: bits.unsigned(FLOW_STEP_BITS) };
  throw malformed('one of three forms', 'another');
}

/** How long it went on; 0 for what stayed. */
function onOf({ form, ms }: FlowTime, frame: number, known: FlowCourse, stepMs: number): number {
  if (form === 'stayed') return 0;
  let onMs = ms;
  if (form === 'more') onMs += stepMs === 0 ? USUAL_STEP_MS : stepMs;
  else if (form === 'age') onMs = between(known.atMs, poseTime(frame - ms));
  if (onMs < 1 || onMs > MAX_FLOW_STEP_MS) throw malformed('a step that takes time', `${onMs} ms`);
  return onMs;
}

/** Adds to what was guessed of a part what is left over. */
function readPart(bits: BitReader, numbers: Int32Array, at: number): void {
  const isUsual = !bits.flag();
  if (isUsual) readLeftOver(bits, USUAL_SHIFT, numbers, at);
  else readLeftOver(bits, shiftOf(MOVED_SHIFTS, bits.unsigned(2)), numbers, at);
  if (isUsual) {
    readLeftOver(bits, bits.flag() ? USUAL_SHIFT : null, numbers, at + 4);
    return;
  }
  const turned = bits.unsigned(2);
  if (turned === FLOW_WHOLE_ROTATION) readRotation(bits, numbers, at);
  else readLeftOver(bits, shiftOf(TURNED_SHIFTS, turned), numbers, at + 4);
}

function shiftOf(shifts: readonly number[], choice: number): number | null {
  return choice === 0 ? null : (shifts[choice - 1] ?? null);
}

function readLeftOver(bits: BitReader, shift: number | null, numbers: Int32Array, from: number): void {
  for (let at = from; at < from + 3 && shift !== null; at++) {
    const other = readShort(bits, shift, MOST_ONES);
    if (other === null) throw malformed(`fewer than ${MOST_ONES} ones`, 'more');
    numbers[at] = (numbers[at] ?? 0) + other;
  }
}

function ageOf(frame: number, atMs: number): number {
  const ageMs = between(atMs, frame);
  if (ageMs > MAX_FLOW_AGE_MS) throw malformed(`a pose of at most ${MAX_FLOW_AGE_MS} ms`, `${ageMs} ms`);
  return ageMs;
}

function between(from: number, to: number): number {
  return poseTime(to - from);
}

function malformed(expected: string, got: string): ProtocolError {
  return new ProtocolError('malformed', { what: 'read poses', expected, got });
}
