import { MAX_POSE_DOWN_BYTES } from '../limits.ts';
import { POSES } from '../wire/layout.ts';
import { bytes } from '../wire/scalars.ts';
import { type FrameOf, frameKind } from './frame.ts';
import { poseAt } from './pose-up.ts';

/** How others' movers stand. */
export type PoseDown = FrameOf<typeof poseDown>;

export const poseDown = frameKind(
  'pose-down',
  {
    byte: 0x54,
    direction: 'to-client',
    maxBytes: MAX_POSE_DOWN_BYTES,
    layout: POSES,
    description:
      'How movers of others stand. Two bytes of time, the higher first, then the updates up to the end.',
  },
  {
    at: poseAt("The relay's clock: the lowest 16 bits of its milliseconds."),
    updates: bytes('What is new of each.', MAX_POSE_DOWN_BYTES - 3),
  },
);
