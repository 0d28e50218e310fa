import { MAX_POSES_PER_SECOND } from '../limits.ts';
import { integer } from '../wire/scalars.ts';
import { MAX_SMALL_FRAME_BYTES } from './clock-up.ts';
import { type FrameOf, frameKind } from './frame.ts';

/** How often a client may tell of its movers. */
export type PoseRate = FrameOf<typeof poseRate>;

export const poseRate = frameKind(
  'pose-rate',
  {
    byte: 0x55,
    direction: 'to-client',
    maxBytes: MAX_SMALL_FRAME_BYTES,
    description: 'This relay carries poses, and hands on so many of each mover in a second from now on.',
  },
  { perSecond: integer('Poses of one mover in a second.', { minimum: 1, maximum: MAX_POSES_PER_SECOND }) },
);
