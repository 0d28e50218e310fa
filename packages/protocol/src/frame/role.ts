import { MAX_SMALL_FRAME_BYTES } from './clock-up.ts';
import { type FrameOf, frameKind } from './frame.ts';
import { powerLevel } from './person-entry.ts';

/** What this user may do from now on. */
export type Role = FrameOf<typeof role>;

export const role = frameKind(
  'role',
  {
    byte: 0x4d,
    direction: 'to-client',
    maxBytes: MAX_SMALL_FRAME_BYTES,
    description: 'The level that this user has in the room from now on, as the relay sees it.',
  },
  { level: powerLevel('Of the user in the room.') },
);
