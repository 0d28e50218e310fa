import { joinBytes } from '@weft/core';
import type { MoverHandle } from './mover-handle.ts';
import type { QuantisedPose } from './quantised-pose.ts';
import { writePoseUpdate } from './write-pose-update.ts';

/** One own mover, as it stands now. */
export interface OwnPose {
  readonly handle: MoverHandle;
  readonly pose: QuantisedPose;
  /** How long ago it stood so, in milliseconds. */
  readonly ageMs: number;
  readonly teleported?: boolean;
}

/** Writes the poses of a client's own movers for one socket, in the order in which they are sent. */
export class PoseWriter {
  readonly #told = new Map<MoverHandle, QuantisedPose>();

  /** The updates of one frame, which has to be sent. A mover may stand in it once. */
  write(own: readonly OwnPose[]): Uint8Array {
    const updates = own.map((each) => {
      const baseline = this.#told.get(each.handle) ?? null;
      this.#told.set(each.handle, each.pose);
      return writePoseUpdate({ ...each, baseline });
    });
    return joinBytes(updates);
  }

  /** The mover is no more. */
  remove(handle: MoverHandle): void {
    this.#told.delete(handle);
  }
}
