import { isUserId } from '@weft/core';
import { WORLD_ROOM_TYPE } from '../event-types.ts';
import { isRoomId } from '../ids.ts';
import { isRecord, member, stringMember } from '../json.ts';
import { type Invitation, type LobbyListener, MAX_INVITATIONS } from '../lobby.ts';
import { NO_EVENTS, syncFilter } from './sync-filter.ts';
import { eventsOf, SyncLoop, type SyncLoopOptions, uncached } from './sync-loop.ts';

export interface LobbySyncOptions
  extends Pick<SyncLoopOptions, 'timers' | 'fraction' | 'request' | 'mail' | 'network'> {
  /** The user, whose own invitation is looked for. */
  readonly user: string;
  readonly listener: LobbyListener;
}

/** Follows no room: invitations, and what comes for the device. */
export function lobbySync({ user, listener, fraction, ...options }: LobbySyncOptions): SyncLoop {
  return new SyncLoop({
    ...options,
    fraction,
    since: null,
    filter: (first) => filterOf(first, fraction),
    connection: (state, reason) => listener.connection(state, reason),
    async take({ body }) {
      const invited = member(member(body, 'rooms'), 'invite');
      const rooms = isRecord(invited) ? Object.entries(invited).slice(0, MAX_INVITATIONS) : [];
      for (const [room, raw] of rooms) {
        const invitation = invitationOf(room, raw, user);
        if (invitation !== null) listener.invited(invitation);
      }
    },
  });
}

/** Reads the stripped state that comes with an invitation. */
function invitationOf(room: string, raw: unknown, user: string): Invitation | null {
  const events = eventsOf(member(raw, 'invite_state'));
  const own = events.findLast(
    (event) =>
      stringMember(event, 'type') === 'm.room.member' &&
      stringMember(event, 'state_key') === user &&
      stringMember(member(event, 'content'), 'membership') === 'invite',
  );
  const by = member(own, 'sender');
  if (!isRoomId(room) || !isUserId(by)) return null;
  const create = events.find((event) => stringMember(event, 'type') === 'm.room.create');
  return { room, by, isWorld: stringMember(member(create, 'content'), 'type') === WORLD_ROOM_TYPE };
}

function filterOf(first: boolean, fraction: () => number): object {
  const timeline = { ...NO_EVENTS, limit: 1, ...(first ? uncached(fraction) : {}) };
  return syncFilter({ state: NO_EVENTS, timeline });
}
