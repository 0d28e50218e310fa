import { MAX_POSE_DOWN_BYTES } from '../limits.ts';
import { POSES } from '../wire/layout.ts';
import { bytes } from '../wire/scalars.ts';
import { type FrameOf, frameKind } from './frame.ts';
import { poseAt } from './pose-up.ts';

/** How movers go on, for all readers who were told the same before. */
export type PoseFlow = FrameOf<typeof poseFlow>;

export const poseFlow = frameKind(
  'pose-flow',
  {
    byte: 0x56,
    direction: 'to-client',
    maxBytes: MAX_POSE_DOWN_BYTES,
    layout: POSES,
    description:
      'How movers go on, for all readers who were told the same before. Two bytes of time, the higher first, then the updates up to the end.',
  },
  {
    at: poseAt("The relay's clock: the lowest 16 bits of its milliseconds."),
    updates: bytes('What is new of each, bit after bit.', MAX_POSE_DOWN_BYTES - 3),
  },
);
