import { MAX_EVENT_NAME_CHARACTERS } from '../limits.ts';
import { nullable } from '../wire/compound.ts';
import { objectId, session } from '../wire/ids.ts';
import { text, value } from '../wire/scalars.ts';
import { type FrameOf, frameKind } from './frame.ts';

/** The largest frame of an event, in bytes. */
export const MAX_EVENT_FRAME_BYTES = 8_192;

/** A message to those who listen to an object, or to the world. It is not kept. */
export type EventUp = FrameOf<typeof eventUp>;

export const eventUp = frameKind(
  'event-up',
  {
    byte: 0x03,
    direction: 'to-relay',
    maxBytes: MAX_EVENT_FRAME_BYTES,
    description: 'A named message to those who listen. It is not kept.',
  },
  {
    target: nullable(objectId('The object that it is about; null for the world.')),
    name: text('What happened.', MAX_EVENT_NAME_CHARACTERS, 1),
    data: value('What is to be known of it.'),
    to: nullable(session('To this socket only; null for everybody.')),
  },
);
