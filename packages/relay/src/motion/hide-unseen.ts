import { writeHidden } from '@weft/protocol';
import type { Mover } from './mover.ts';
import type { Viewer } from './viewer.ts';

/** Of these, what a viewer was told of and does not see any more. */
export function unseenBy(viewer: Viewer, movers: Iterable<Mover>): Mover[] {
  const unseen: Mover[] = [];
  for (const mover of movers) if (viewer.toldOf(mover) > 0 && !viewer.sees(mover)) unseen.push(mover);
  return unseen;
}

/** What tells it so; from now on it was told of none of them. */
export function hide(viewer: Viewer, movers: readonly Mover[]): Uint8Array[] {
  return movers.map((mover) => {
    viewer.tell(mover, 0);
    return writeHidden(mover.handle);
  });
}
