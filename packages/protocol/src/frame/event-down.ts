import { MAX_EVENT_NAME_CHARACTERS } from '../limits.ts';
import { nullable } from '../wire/compound.ts';
import { objectId, sessionOrNobody, userId } from '../wire/ids.ts';
import { text, value } from '../wire/scalars.ts';
import { MAX_EVENT_FRAME_BYTES } from './event-up.ts';
import { type FrameOf, frameKind } from './frame.ts';

/** A message of somebody, or of a service. */
export type EventDown = FrameOf<typeof eventDown>;

export const eventDown = frameKind(
  'event-down',
  {
    byte: 0x46,
    direction: 'to-client',
    maxBytes: MAX_EVENT_FRAME_BYTES,
    description: 'A named message of somebody in the world.',
  },
  {
    from: sessionOrNobody('The socket that sent it; 0 for a service.'),
    user: userId('Whose it is, as the relay knows it.'),
    target: nullable(objectId('The object that it is about; null for the world.')),
    name: text('What happened.', MAX_EVENT_NAME_CHARACTERS, 1),
    data: value('What is to be known of it.'),
  },
);
