import { integer } from '../wire/scalars.ts';
import { type FrameOf, frameKind } from './frame.ts';

/** The largest frame of a clock, a role, an answer of a few numbers, in bytes. */
export const MAX_SMALL_FRAME_BYTES = 256;

/** Asks what the relay's clock shows. */
export type ClockUp = FrameOf<typeof clockUp>;

export const clockUp = frameKind(
  'clock-up',
  {
    byte: 0x08,
    direction: 'to-relay',
    maxBytes: MAX_SMALL_FRAME_BYTES,
    description: 'Asks what the clock of the relay shows.',
  },
  { at: integer("The client's clock, in milliseconds of its own; it comes back as it went.") },
);
