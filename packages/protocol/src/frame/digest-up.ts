import { MAX_SMALL_FRAME_BYTES } from './clock-up.ts';
import { type FrameOf, frameKind } from './frame.ts';

/** Asks what the relay holds of the room. */
export type DigestUp = FrameOf<typeof digestUp>;

export const digestUp = frameKind(
  'digest-up',
  {
    byte: 0x0a,
    direction: 'to-relay',
    maxBytes: MAX_SMALL_FRAME_BYTES,
    description: 'Asks for the hashes of what the relay holds of the room.',
  },
  {},
);
