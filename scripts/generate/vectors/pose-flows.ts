import {
  encodeFlow,
  type FlowUpdate,
  PoseReader,
  ProtocolError,
  poseTime,
  type QuantisedPose,
  quantisePose,
  writeFlowAnew,
  writeFlowHidden,
  writeFlowOn,
} from '@weft/protocol';
import { SeededRandom } from '@weft/testing';
import type { Json } from '../json.ts';
import { jsonOf, poseAt } from './poses.ts';
import { times } from './random-patch.ts';
import { SEED, type VectorFile } from './vector-file.ts';

const CASES = 120;
const FRAMES = 10;
const HEAD_BYTES = 3;
const FRAME_MS = 50;

interface Told {
  readonly pose: QuantisedPose;
  readonly atMs: number;
}

/** A mover, and what every reader was told of it. */
interface Course {
  readonly handle: number;
  readonly parts: number;
  readonly isOwn: boolean;
  readonly place: number[];
  readonly step: readonly number[];
  /** The newest two, the last one first. */
  told: readonly Told[];
}

/** Movers that go on, turn, stop and jump, as a relay tells all of it who are in step; and some frames that were damaged on their way. */
export function generatedPoseFlows(): VectorFile {
  return {
    kind: 'poses',
    description:
      'Frames pose-flow of one socket in their order: their time, the updates in hexadecimal, and what they say. Movers by handle, with their other parts, and true for own ones. Generated.',
    cases: times(CASES, (at) => {
      const random = new SeededRandom(`${SEED}/pose-flows/${at}`);
      const courses = times(1 + random.below(4), (place) => courseOf(random, place));
      return {
        name: `seed ${random.seed}`,
        why: 'the protocol package reads it so',
        movers: courses.map(({ handle, parts, isOwn }) => (isOwn ? [handle, parts, true] : [handle, parts])),
        frames: framesOf(random, courses),
      };
    }),
  };
}

function courseOf(random: SeededRandom, place: number): Course {
  const handle = 1 + place + place * random.pick([0, 1, 120, 20_000, 3_000_000]);
  const step = times(3, () => random.between(-0.1, 0.1));
  const at = times(3, () => random.between(-900, 900));
  return { handle, parts: random.below(8), isOwn: random.chance(0.2), place: at, step, told: [] };
}

function framesOf(random: SeededRandom, courses: readonly Course[]): Json[] {
  const reader = new PoseReader();
  for (const { handle, parts, isOwn } of courses) reader.add(handle, parts, isOwn);
  let frameMs = random.below(65_536);
  return times(FRAMES, () => {
    frameMs += random.pick([FRAME_MS, FRAME_MS, 42, 300, 65_540]);
    const updates = courses
      .filter(() => random.chance(0.9))
      .map((course) => updateOf(random, course, frameMs));
    const at = poseTime(frameMs);
    const bytes = encodeFlow(at, updates).slice(HEAD_BYTES);
    // From here on writer and reader may know different things, and what is read may be anything.
    if (random.chance(0.1) && bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256);
    return reading(reader, at, bytes);
  });
}

function updateOf(random: SeededRandom, course: Course, frameMs: number): FlowUpdate {
  const { handle, parts, place, step } = course;
  if (random.chance(0.03)) {
    course.told = [];
    return writeFlowHidden(handle);
  }
  const stride = random.pick([1, 1, 1, 1.5, 0, 40]);
  for (const axis of [0, 1, 2]) place[axis] = (place[axis] ?? 0) + (step[axis] ?? 0) * stride;
  const pose = quantisePose(poseOfCourse(random, parts, place));
  const atMs = frameMs - random.pick([3, 9, 9, 9, 40]);
  const [last, before] = course.told;
  const told = { pose, atMs };
  course.told = last === undefined ? [told] : [told, last];
  const telling = { handle, pose, atMs, frameMs };
  if (last === undefined) return writeFlowAnew(telling, null, false);
  const on = writeFlowOn(telling, { ...last, before: before === undefined ? null : pointOf(before) });
  return on ?? writeFlowAnew(telling, pointOf(last), false);
}

/** Most of them walk and do nothing else. */
function poseOfCourse(random: SeededRandom, parts: number, place: readonly number[]) {
  const pose = poseAt(random, parts, place);
  return random.chance(0.85)
    ? { ...pose, state: 'walk' as const, resting: false, speaking: false, velocity: undefined }
    : pose;
}

function pointOf({ pose, atMs }: Told) {
  return { numbers: pose.numbers, atMs };
}

function reading(reader: PoseReader, at: number, bytes: Uint8Array): Json {
  const updates = Buffer.from(bytes).toString('hex');
  try {
    return { at, updates, says: reader.readFlow(at, bytes).map(jsonOf) };
  } catch (error) {
    if (error instanceof ProtocolError) return { at, updates, refused: true };
    throw error;
  }
}
