import { ProtocolError } from '../protocol-error.ts';
import { BitReader } from './bits.ts';
import { readGamma } from './codes.ts';
import type { FlowCourse } from './flow-course.ts';
import { HANDLE_BITS } from './flow-layout.ts';
import { MAX_MOVER_HANDLE, type MoverHandle, readHandle } from './mover-handle.ts';
import type { PartSet } from './mover-pose.ts';
import type { QuantisedPose } from './quantised-pose.ts';
import { readFlowUpdate, skipFlowUpdate } from './read-flow-update.ts';
import { readPoseUpdate, type ToldPose } from './read-pose-update.ts';

/** What one update of a frame says. */
export interface PoseUpdate extends ToldPose {
  readonly handle: MoverHandle;
}

interface Told {
  readonly parts: PartSet;
  readonly isOwn: boolean;
  pose: QuantisedPose | null;
  /** How it came there, where frames `pose-flow` told of it. */
  course: FlowCourse | null;
}

/** More bits than fill a byte: another update. */
const FILL_BITS = 8;

/**
 * Reads the poses of one socket: what comes is what changed since what came before, so every frame has to be read, in order.
 * It knows the movers that were announced, and no others.
 */
export class PoseReader {
  readonly #told = new Map<MoverHandle, Told>();

  /** A mover with these parts is there from now on. @param isOwn whether this socket moves it: what comes of it is passed over */
  add(handle: MoverHandle, parts: PartSet, isOwn = false): void {
    this.#told.set(handle, { parts, isOwn, pose: null, course: null });
  }

  /** It is gone; its handle does not come again. */
  remove(handle: MoverHandle): void {
    this.#told.delete(handle);
  }

  /**
   * The updates of a frame `pose-down`, or of `pose-up`.
   *
   * @throws ProtocolError `malformed`, whatever the bytes are, and nothing else; nothing of the frame counts then
   */
  read(updates: Uint8Array): PoseUpdate[] {
    const bits = new BitReader(updates);
    const read = new Map<MoverHandle, PoseUpdate>();
    while (!bits.isAtEnd) {
      const handle = readHandle(bits);
      const told = this.#announced(handle);
      if (read.has(handle)) throw malformed('one update of a mover in a frame', 'two');
      read.set(handle, { handle, ...readPoseUpdate(bits, told.parts, told.pose) });
    }
    for (const { handle, pose } of read.values()) this.#know(handle, pose, null);
    return [...read.values()];
  }

  /**
   * The updates of a frame `pose-flow`, but for those of own movers.
   *
   * @param at the time of the frame
   * @throws ProtocolError as `read` does
   */
  readFlow(at: number, updates: Uint8Array): PoseUpdate[] {
    const bits = new BitReader(updates);
    const read: PoseUpdate[] = [];
    const courses: (FlowCourse | null)[] = [];
    let handle = 0;
    while (bits.left >= FILL_BITS) {
      handle += readGamma(bits, HANDLE_BITS);
      if (handle > MAX_MOVER_HANDLE) throw malformed('the handle of a mover', 'a greater number');
      const { parts, isOwn, course: known } = this.#announced(handle);
      if (isOwn) {
        skipFlowUpdate(bits, parts);
        continue;
      }
      const { ageMs, teleported, course } = readFlowUpdate(bits, parts, at, known);
      read.push({ handle, ageMs, teleported, pose: course?.pose ?? null });
      courses.push(course);
    }
    bits.align();
    for (const [place, { handle: of, pose }] of read.entries()) this.#know(of, pose, courses[place] ?? null);
    return read;
  }

  #announced(handle: MoverHandle): Told {
    const told = this.#told.get(handle);
    if (told === undefined) throw malformed('a mover that was announced', String(handle));
    return told;
  }

  #know(handle: MoverHandle, pose: QuantisedPose | null, course: FlowCourse | null): void {
    const told = this.#told.get(handle);
    if (told === undefined) return;
    told.pose = pose;
    told.course = course;
  }
}

function malformed(expected: string, got: string): ProtocolError {
  return new ProtocolError('malformed', { what: 'read poses', expected, got });
}
