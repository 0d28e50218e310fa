import { integer } from '../wire/scalars.ts';
import { MAX_SMALL_FRAME_BYTES } from './clock-up.ts';
import { type FrameOf, frameKind } from './frame.ts';

/** The relay is about to stop. */
export type Draining = FrameOf<typeof draining>;

export const draining = frameKind(
  'draining',
  {
    byte: 0x50,
    direction: 'to-client',
    maxBytes: MAX_SMALL_FRAME_BYTES,
    description: 'The relay stops soon: go to another, or come back.',
  },
  { inMs: integer('After how many milliseconds it closes this socket.') },
);
