import { MAX_SNAPSHOT_CHUNK_BYTES } from '../limits.ts';
import { bytes, uint32 } from '../wire/scalars.ts';
import { type FrameOf, frameKind } from './frame.ts';

const MAX_SNAPSHOT_FRAME_BYTES = MAX_SNAPSHOT_CHUNK_BYTES + 256;

/** A part of the world as it stands. */
export type Snapshot = FrameOf<typeof snapshot>;

export const snapshot = frameKind(
  'snapshot',
  {
    byte: 0x42,
    direction: 'to-client',
    maxBytes: MAX_SNAPSHOT_FRAME_BYTES,
    description: 'A part of a binary file of what the room holds; all parts follow each other in order.',
  },
  {
    index: uint32('Which part, from 0.'),
    count: uint32('How many parts.', 1),
    bytes: bytes('The part.', MAX_SNAPSHOT_CHUNK_BYTES, 1),
  },
);
