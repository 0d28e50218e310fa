import { MAX_PATCH_FRAME_BYTES } from '../limits.ts';
import { wirePatch } from '../patch/wire-patch.ts';
import { type FrameOf, frameKind } from './frame.ts';

/** Takes back what the room refused to hold. */
export type RetractUp = FrameOf<typeof retractUp>;

export const retractUp = frameKind(
  'retract-up',
  {
    byte: 0x07,
    direction: 'to-relay',
    maxBytes: MAX_PATCH_FRAME_BYTES,
    description: 'Own registers that the room refused: nobody shall show them any longer.',
  },
  { patch: wirePatch('The registers, as they were sent.') },
);
