import { Type } from 'typebox';
import { type Field, plain } from '../wire/field.ts';
import { text } from '../wire/scalars.ts';
import { MAX_SMALL_FRAME_BYTES } from './clock-up.ts';
import { type FrameOf, frameKind } from './frame.ts';
import { sequence } from './position.ts';

const SET_HASH = '^[0-9a-f]{32}$';
const MAX_STATE_DIGEST_CHARACTERS = 64;

/** What the relay holds of the room, as hashes. */
export type Digest = FrameOf<typeof digest>;

export const digest = frameKind(
  'digest',
  {
    byte: 0x4f,
    direction: 'to-client',
    maxBytes: MAX_SMALL_FRAME_BYTES,
    description:
      'Hashes of what the relay holds of the room: who holds the same need not read the room again.',
  },
  {
    seq: sequence('When that was.'),
    setHash: setHash('Of all that carriers of the room said.'),
    stateDigest: text("Of the room's current events.", MAX_STATE_DIGEST_CHARACTERS),
  },
);

/** The order-free hash of a base, in hexadecimal. */
export function setHash(description: string): Field<string> {
  const pattern = new RegExp(SET_HASH);
  return plain(
    Type.String({ description, pattern: SET_HASH }),
    (wire): wire is string => typeof wire === 'string' && pattern.test(wire),
  );
}
