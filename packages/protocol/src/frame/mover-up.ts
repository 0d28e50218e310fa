import { ALL_PARTS } from '../pose/mover-pose.ts';
import { choice, integer } from '../wire/scalars.ts';
import { MAX_SMALL_FRAME_BYTES } from './clock-up.ts';
import { type FrameOf, frameKind } from './frame.ts';

/** Whether this client has an avatar. */
export type MoverUp = FrameOf<typeof moverUp>;

export const moverUp = frameKind(
  'mover-up',
  {
    byte: 0x0b,
    direction: 'to-relay',
    maxBytes: MAX_SMALL_FRAME_BYTES,
    description:
      'Asks for a mover that is the avatar of this client, in place of one that it has; or gives it up.',
  },
  {
    want: choice('What is asked.', ['enter', 'leave']),
    parts: partSet('What it has beside its body: 1 head, 2 left hand, 4 right hand, added up.'),
  },
);

export function partSet(description: string) {
  return integer(description, { maximum: ALL_PARTS });
}
