import { MAX_PATCH_FRAME_BYTES } from '../limits.ts';
import { wirePatch } from '../patch/wire-patch.ts';
import { integer } from '../wire/scalars.ts';
import { type FrameOf, frameKind } from './frame.ts';

/** An edit, for everybody. */
export type PatchUp = FrameOf<typeof patchUp>;

export const patchUp = frameKind(
  'patch-up',
  {
    byte: 0x02,
    direction: 'to-relay',
    maxBytes: MAX_PATCH_FRAME_BYTES,
    description: 'Registers that this client wrote. They are taken all or none.',
  },
  {
    n: integer('Grows by one with each patch and each lease of a socket, from 1.', { minimum: 1 }),
    patch: wirePatch('What was written.'),
  },
);
