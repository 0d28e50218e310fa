import { integer } from '../wire/scalars.ts';
import { MAX_SMALL_FRAME_BYTES } from './clock-up.ts';
import { type FrameOf, frameKind } from './frame.ts';

/** What the relay's clock shows. */
export type Clock = FrameOf<typeof clock>;

export const clock = frameKind(
  'clock',
  {
    byte: 0x4e,
    direction: 'to-client',
    maxBytes: MAX_SMALL_FRAME_BYTES,
    description: 'What the clock of the relay shows.',
  },
  {
    at: integer("The client's clock, as it asked."),
    relayMs: integer("The relay's clock, in milliseconds since 1970."),
  },
);
