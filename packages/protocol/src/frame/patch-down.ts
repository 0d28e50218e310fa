import { MAX_PATCH_FRAME_BYTES } from '../limits.ts';
import { wirePatch } from '../patch/wire-patch.ts';
import { nullable } from '../wire/compound.ts';
import { sessionOrNobody, userId } from '../wire/ids.ts';
import { type FrameOf, frameKind } from './frame.ts';
import { sequence } from './position.ts';

/** An edit of somebody. */
export type PatchDown = FrameOf<typeof patchDown>;

export const patchDown = frameKind(
  'patch-down',
  {
    byte: 0x43,
    direction: 'to-client',
    maxBytes: MAX_PATCH_FRAME_BYTES,
    description: 'Registers that somebody wrote, and that the relay let through.',
  },
  {
    seq: sequence('Its number in this run.'),
    session: sessionOrNobody('The socket that sent it; 0 for somebody who is not connected.'),
    user: nullable(userId('Who wrote it, where they are not connected; null otherwise.')),
    committed: sequence('What the journal of the relay holds for good.'),
    patch: wirePatch('What was written.'),
  },
);
