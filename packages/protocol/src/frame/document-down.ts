import { MAX_DOCUMENT_BYTES, MAX_FRAME_BYTES } from '../limits.ts';
import { objectId, sessionOrNobody } from '../wire/ids.ts';
import { bytes } from '../wire/scalars.ts';
import { type FrameOf, frameKind } from './frame.ts';

/** A step of a shared document's synchronisation. */
export type DocumentDown = FrameOf<typeof documentDown>;

export const documentDown = frameKind(
  'document-down',
  {
    byte: 0x4a,
    direction: 'to-client',
    maxBytes: MAX_FRAME_BYTES,
    description: 'The epoch of the document of an object, and a sync message of y-protocols, version 1.',
  },
  {
    object: objectId('Whose document it is.'),
    session: sessionOrNobody('The socket that it comes from; 0 for the relay itself.'),
    bytes: bytes('The message.', MAX_DOCUMENT_BYTES, 1),
  },
);
