import { MAX_POSE_HEIGHT_METRES, MAX_POSE_METRES } from '../pose/quantised-pose.ts';
import { nullable } from '../wire/compound.ts';
import { record } from '../wire/record.ts';
import { integer } from '../wire/scalars.ts';
import { MAX_SMALL_FRAME_BYTES } from './clock-up.ts';
import { type FrameOf, frameKind } from './frame.ts';

/** From where this client looks. */
export type ViewUp = FrameOf<typeof viewUp>;

export const viewUp = frameKind(
  'view-up',
  {
    byte: 0x0d,
    direction: 'to-relay',
    maxBytes: MAX_SMALL_FRAME_BYTES,
    description:
      'From where this client looks at the world, so that it is told most of what is near. Without it: from its avatar, or from everywhere.',
  },
  {
    from: nullable(
      record('A place, in whole metres; null for its avatar, or everywhere.', {
        x: metres('East of the middle.'),
        y: metres('Above it.', MAX_POSE_HEIGHT_METRES),
        z: metres('South of it.'),
      }),
    ),
  },
);

function metres(description: string, bound = MAX_POSE_METRES) {
  return integer(description, { minimum: -bound, maximum: bound - 1 });
}
