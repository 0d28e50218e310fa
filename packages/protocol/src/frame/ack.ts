import { integer } from '../wire/scalars.ts';
import { MAX_SMALL_FRAME_BYTES } from './clock-up.ts';
import { type FrameOf, frameKind } from './frame.ts';
import { sequence } from './position.ts';

/** A patch of this client is in the relay's journal. */
export type Ack = FrameOf<typeof ack>;

export const ack = frameKind(
  'ack',
  {
    byte: 0x44,
    direction: 'to-client',
    maxBytes: MAX_SMALL_FRAME_BYTES,
    description: 'A patch of this client is in the journal of the relay, and outlives it.',
  },
  {
    n: integer('The patch, as its sender counted.', { minimum: 1 }),
    seq: sequence('The same, as this run counts.'),
    committed: sequence('What the journal of the relay holds for good.'),
  },
);
