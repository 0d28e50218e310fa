import { MAX_REASON_CHARACTERS } from '../limits.ts';
import { integer, text } from '../wire/scalars.ts';
import { type FrameOf, frameKind } from './frame.ts';

/** The largest frame of a bye, in bytes. */
export const MAX_BYE_FRAME_BYTES = 512;
const MIN_CLOSE_CODE = 1_000;
const MAX_CLOSE_CODE = 4_999;

/** Says that the relay closes this socket, and why. */
export type ByeDown = FrameOf<typeof byeDown>;

export const byeDown = frameKind(
  'bye-down',
  {
    byte: 0x51,
    direction: 'to-client',
    maxBytes: MAX_BYE_FRAME_BYTES,
    description: 'The relay closes this socket; nothing comes after it.',
  },
  { code: closeCode('Why, as when closing the socket.'), reason: closeReason('Why, for people.') },
);

export function closeCode(description: string) {
  return integer(description, { minimum: MIN_CLOSE_CODE, maximum: MAX_CLOSE_CODE });
}

export function closeReason(description: string) {
  return text(description, MAX_REASON_CHARACTERS);
}
