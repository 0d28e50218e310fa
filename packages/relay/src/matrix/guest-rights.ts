import type { RoomSession } from '@weft/matrix';
import { WORLD_EVENT } from '@weft/matrix';
import { GUEST_RIGHTS, type GuestRights, readLanePolicy } from '@weft/protocol';

export type Guests = GuestRights;

const VISIBILITY_EVENT = 'm.room.history_visibility';

/**
 * What somebody may do who is not in the room: what the world allows and this relay too, and nothing where the room does not
 * show itself to everybody.
 */
export function guestRights(most: Guests, session: Pick<RoomSession, 'state'>): Guests {
  const contentOf = (type: string) => session.state(type).find(({ stateKey }) => stateKey === '')?.content;
  if (contentOf(VISIBILITY_EVENT)?.history_visibility !== 'world_readable') return 'off';
  const { guests } = readLanePolicy(contentOf(WORLD_EVENT));
  return GUEST_RIGHTS.indexOf(guests) < GUEST_RIGHTS.indexOf(most) ? guests : most;
}
