import { MAX_PATCH_FRAME_BYTES } from '../limits.ts';
import { wirePatch } from '../patch/wire-patch.ts';
import { nullable } from '../wire/compound.ts';
import { sessionOrNobody, userId } from '../wire/ids.ts';
import { type FrameOf, frameKind } from './frame.ts';
import { sequence } from './position.ts';

/** An edit of somebody. */
export type PatchDown = FrameOf<typeof patchDown>;

const fields = {
  seq: sequence('Its number in this run.'),
  session: sessionOrNobody('The socket that sent it; 0 for somebody who is not connected.'),
  user: nullable(userId('Who wrote it, where they are not connected; null otherwise.')),
  committed: sequence('What the journal of the relay holds for good.'),
  patch: wirePatch('What was written.'),
};

export const patchDown = frameKind(
  'patch-down',
  {
    byte: 0x43,
    direction: 'to-client',
    maxBytes: MAX_PATCH_FRAME_BYTES,
    description: 'Registers that somebody wrote, and that the relay let through.',
    writtenOut: {
      read(wire) {
        if (wire.listLength(0) !== 5) return null;
        const seq = fields.seq.read(wire.value(1));
        const session = fields.session.read(wire.value(1));
        const user = fields.user.read(wire.value(1));
        const committed = fields.committed.read(wire.value(1));
        const patch = fields.patch.read(wire.value(1));
        wire.end();
        if (seq === undefined || session === undefined || user === undefined) return null;
        if (committed === undefined || patch === undefined) return null;
        return { type: 'patch-down', seq, session, user, committed, patch };
      },
      write({ seq, session, user, committed, patch }, wire) {
        wire.list(5);
        wire.value(seq);
        wire.value(session);
        wire.value(user);
        wire.value(committed);
        wire.value(patch);
      },
    },
  },
  fields,
);
