import { nullable } from '../wire/compound.ts';
import { session } from '../wire/ids.ts';
import { type FrameOf, frameKind } from './frame.ts';
import { MAX_PRESENCE_FRAME_BYTES, presenceState } from './presence-state.ts';

/** What another editor shows of itself. */
export type PresenceDown = FrameOf<typeof presenceDown>;

export const presenceDown = frameKind(
  'presence-down',
  {
    byte: 0x4b,
    direction: 'to-client',
    maxBytes: MAX_PRESENCE_FRAME_BYTES,
    description: 'What another editor shows from now on.',
  },
  {
    session: session('The socket; who that is, the people tell.'),
    state: nullable(presenceState('All of it; null for nothing any more.')),
  },
);
