import { MAX_DOCUMENT_BYTES, MAX_FRAME_BYTES } from '../limits.ts';
import { objectId } from '../wire/ids.ts';
import { bytes } from '../wire/scalars.ts';
import { type FrameOf, frameKind } from './frame.ts';

/** A step of a shared document's synchronisation. */
export type DocumentUp = FrameOf<typeof documentUp>;

export const documentUp = frameKind(
  'document-up',
  {
    byte: 0x05,
    direction: 'to-relay',
    maxBytes: MAX_FRAME_BYTES,
    description: 'The epoch of the document of an object, and a sync message of y-protocols, version 1.',
  },
  {
    object: objectId('Whose document it is.'),
    bytes: bytes('The message.', MAX_DOCUMENT_BYTES, 1),
  },
);
