import { flag } from '../wire/scalars.ts';
import { MAX_SMALL_FRAME_BYTES } from './clock-up.ts';
import { type FrameOf, frameKind } from './frame.ts';

/** Whether the relay can keep what it hands on. */
export type Keeping = FrameOf<typeof keeping>;

export const keeping = frameKind(
  'keeping',
  {
    byte: 0x52,
    direction: 'to-client',
    maxBytes: MAX_SMALL_FRAME_BYTES,
    description:
      'Whether the journal of the relay takes what it is given. While it does not, patches are handed on and none is acknowledged.',
  },
  { ok: flag('Whether it does, from now on.') },
);
