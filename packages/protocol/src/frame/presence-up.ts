import { nullable } from '../wire/compound.ts';
import { type FrameOf, frameKind } from './frame.ts';
import { MAX_PRESENCE_FRAME_BYTES, presenceState } from './presence-state.ts';

/** What this editor shows of itself. */
export type PresenceUp = FrameOf<typeof presenceUp>;

export const presenceUp = frameKind(
  'presence-up',
  {
    byte: 0x06,
    direction: 'to-relay',
    maxBytes: MAX_PRESENCE_FRAME_BYTES,
    description: 'What this editor shows to the others from now on.',
  },
  { state: nullable(presenceState('All of it; null for nothing any more.')) },
);
