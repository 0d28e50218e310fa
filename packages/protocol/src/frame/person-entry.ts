import { MAX_DEVICE_CHARACTERS } from '../limits.ts';
import type { FieldValue } from '../wire/field.ts';
import { actorId, session, userId } from '../wire/ids.ts';
import { record } from '../wire/record.ts';
import { integer, text } from '../wire/scalars.ts';

/** The level of a creator of the room, who outranks every number of its power levels. */
export const CREATOR_LEVEL = 1_000_000_000;

/** Somebody who is connected: one socket. */
export type PersonEntry = FieldValue<typeof personEntry>;

export const personEntry = record('Somebody who is connected: one socket.', {
  session: session('The socket.'),
  user: userId('Whose it is, as the relay knows it.'),
  device: text('The device that it names, for addressing only.', MAX_DEVICE_CHARACTERS),
  actor: actorId('Under which it writes.'),
  level: powerLevel('Of the user in the room.'),
});

/** A power level of the room; creators have 10^9. */
export function powerLevel(description: string) {
  return integer(description, { minimum: -CREATOR_LEVEL, maximum: CREATOR_LEVEL });
}
