import { MAX_FRAME_BYTES, MAX_PEOPLE } from '../limits.ts';
import { list } from '../wire/compound.ts';
import { session } from '../wire/ids.ts';
import { type FrameOf, frameKind } from './frame.ts';
import { personEntry } from './person-entry.ts';

/** Who came and who left. */
export type People = FrameOf<typeof people>;

export const people = frameKind(
  'people',
  {
    byte: 0x4c,
    direction: 'to-client',
    maxBytes: MAX_FRAME_BYTES,
    description: 'Who came and who left; somebody whose level changed comes again.',
  },
  {
    joined: list('Who came, or has another level.', personEntry, MAX_PEOPLE),
    left: list('Sockets that are gone.', session('A socket.'), MAX_PEOPLE),
  },
);
