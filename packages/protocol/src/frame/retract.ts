import { MAX_PATCH_FRAME_BYTES } from '../limits.ts';
import { wirePatch } from '../patch/wire-patch.ts';
import { type FrameOf, frameKind } from './frame.ts';
import { sequence } from './position.ts';

/** Registers that are to be shown no longer. */
export type Retract = FrameOf<typeof retract>;

export const retract = frameKind(
  'retract',
  {
    byte: 0x47,
    direction: 'to-client',
    maxBytes: MAX_PATCH_FRAME_BYTES,
    description: 'Registers that everybody drops, unless the room holds them.',
  },
  { seq: sequence('Its number in this run.'), patch: wirePatch('The registers, as they were sent.') },
);
