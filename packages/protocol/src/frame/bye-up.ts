import { closeCode, closeReason, MAX_BYE_FRAME_BYTES } from './bye-down.ts';
import { type FrameOf, frameKind } from './frame.ts';

/** Says that the client leaves, and why. */
export type ByeUp = FrameOf<typeof byeUp>;

export const byeUp = frameKind(
  'bye-up',
  {
    byte: 0x09,
    direction: 'to-relay',
    maxBytes: MAX_BYE_FRAME_BYTES,
    description: 'The client leaves; nothing comes after it.',
  },
  { code: closeCode('Why, as when closing the socket.'), reason: closeReason('Why, for people.') },
);
