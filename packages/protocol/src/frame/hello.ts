import { LANE_VERSION, MAX_FORMER_ACTORS, MAX_HELLO_BYTES, MAX_TICKET_CHARACTERS } from '../limits.ts';
import { list, nullable } from '../wire/compound.ts';
import { actorId } from '../wire/ids.ts';
import { bytes, choice, constant, text } from '../wire/scalars.ts';
import { setHash } from './digest.ts';
import { type FrameOf, frameKind } from './frame.ts';
import { position } from './position.ts';

const SIGNATURE_BYTES = 64;
const MAX_NONCE_CHARACTERS = 86;
const MAX_ROOM_CHARACTERS = 255;

/** The first frame of a socket. */
export type Hello = FrameOf<typeof hello>;

export const hello = frameKind(
  'hello',
  {
    byte: 0x01,
    direction: 'to-relay',
    maxBytes: MAX_HELLO_BYTES,
    description: 'The first frame of a socket: who comes, for which world, and what it has already.',
  },
  {
    version: constant('Of the lane.', LANE_VERSION),
    room: text('The id of the room that is the world.', MAX_ROOM_CHARACTERS, 1),
    ticket: text('What the relay answered by Matrix.', MAX_TICKET_CHARACTERS, 1),
    nonce: text('The nonce of the request for that ticket.', MAX_NONCE_CHARACTERS, 1),
    signature: bytes(
      'Ed25519, by the session key, over the bytes to sign.',
      SIGNATURE_BYTES,
      SIGNATURE_BYTES,
    ),
    actor: actorId('Under which this client writes.'),
    former: list(
      'Earlier actors of this client, whose edits the room does not hold yet.',
      actorId('An earlier actor.'),
      MAX_FORMER_ACTORS,
    ),
    position: nullable(position('What the client heard last; null where it begins anew.')),
    setHash: nullable(setHash('Of what the client holds of the room.')),
    mode: choice('Whether it means to write.', ['play', 'read']),
  },
);
