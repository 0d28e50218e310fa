import { MAX_POSE_UP_BYTES } from '../limits.ts';
import { POSES } from '../wire/layout.ts';
import { bytes, integer } from '../wire/scalars.ts';
import { type FrameOf, frameKind } from './frame.ts';

/** How own movers stand. */
export type PoseUp = FrameOf<typeof poseUp>;

export const poseUp = frameKind(
  'pose-up',
  {
    byte: 0x0c,
    direction: 'to-relay',
    maxBytes: MAX_POSE_UP_BYTES,
    layout: POSES,
    description:
      'How movers of this client stand. Two bytes of time, the higher first, then the updates up to the end.',
  },
  {
    at: poseAt("The relay's clock as this client knows it: the lowest 16 bits of its milliseconds."),
    updates: bytes(
      'What is new of each; nothing at all says that the client is there.',
      MAX_POSE_UP_BYTES - 3,
    ),
  },
);

export function poseAt(description: string) {
  return integer(description, { maximum: 0xffff });
}
