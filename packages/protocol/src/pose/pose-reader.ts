import { ProtocolError } from '../protocol-error.ts';
import { BitReader } from './bits.ts';
import { type MoverHandle, readHandle } from './mover-handle.ts';
import type { PartSet } from './mover-pose.ts';
import type { QuantisedPose } from './quantised-pose.ts';
import { readPoseUpdate, type ToldPose } from './read-pose-update.ts';

/** What one update of a frame says. */
export interface PoseUpdate extends ToldPose {
  readonly handle: MoverHandle;
}

interface Told {
  readonly parts: PartSet;
  pose: QuantisedPose | null;
}

/**
 * Reads the poses of one socket: what comes is what changed since what came before, so every frame has to be read, in order.
 * It knows the movers that were announced, and no others.
 */
export class PoseReader {
  readonly #told = new Map<MoverHandle, Told>();

  /** A mover with these parts is there from now on. */
  add(handle: MoverHandle, parts: PartSet): void {
    this.#told.set(handle, { parts, pose: null });
  }

  /** It is gone; its handle does not come again. */
  remove(handle: MoverHandle): void {
    this.#told.delete(handle);
  }

  /**
   * The updates of one frame.
   *
   * @throws ProtocolError `malformed`, whatever the bytes are, and nothing else; nothing of the frame counts then
   */
  read(updates: Uint8Array): PoseUpdate[] {
    const bits = new BitReader(updates);
    const read = new Map<MoverHandle, PoseUpdate>();
    while (!bits.isAtEnd) {
      const handle = readHandle(bits);
      const told = this.#told.get(handle);
      if (told === undefined) throw malformed('a mover that was announced', String(handle));
      if (read.has(handle)) throw malformed('one update of a mover in a frame', 'two');
      read.set(handle, { handle, ...readPoseUpdate(bits, told.parts, told.pose) });
    }
    for (const { handle, pose } of read.values()) {
      const told = this.#told.get(handle);
      if (told !== undefined) told.pose = pose;
    }
    return [...read.values()];
  }
}

function malformed(expected: string, got: string): ProtocolError {
  return new ProtocolError('malformed', { what: 'read poses', expected, got });
}
