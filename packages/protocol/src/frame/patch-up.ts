import { MAX_PATCH_FRAME_BYTES } from '../limits.ts';
import { wirePatch } from '../patch/wire-patch.ts';
import { integer } from '../wire/scalars.ts';
import { type FrameOf, frameKind } from './frame.ts';

/** An edit, for everybody. */
export type PatchUp = FrameOf<typeof patchUp>;

const fields = {
  n: integer('Grows by one with each patch and each lease of a socket, from 1.', { minimum: 1 }),
  patch: wirePatch('What was written.'),
};

export const patchUp = frameKind(
  'patch-up',
  {
    byte: 0x02,
    direction: 'to-relay',
    maxBytes: MAX_PATCH_FRAME_BYTES,
    description: 'Registers that this client wrote. They are taken all or none.',
    writtenOut: {
      read(wire) {
        if (wire.listLength(0) !== 2) return null;
        const n = fields.n.read(wire.value(1));
        const patch = fields.patch.read(wire.value(1));
        wire.end();
        return n === undefined || patch === undefined ? null : { type: 'patch-up', n, patch };
      },
      write({ n, patch }, wire) {
        wire.list(2);
        wire.value(n);
        wire.value(patch);
      },
    },
  },
  fields,
);
