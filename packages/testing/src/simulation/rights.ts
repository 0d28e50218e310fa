import type { UserId } from '@weft/core';
import type { EventId } from '@weft/matrix';
import { levelFor, levelOf } from '../homeserver/event-authority.ts';
import type { TwinEvent } from '../homeserver/twin-event.ts';
import type { TwinRoom } from '../homeserver/twin-room.ts';

const MEMBER = 'm.room.member';
const LEVELS = 'm.room.power_levels';

/** Since when, by its servers' clocks, a user may not send state of this type; infinite where they may. */
export function lostRightMs(room: TwinRoom, user: UserId, type: string): number {
  const isOut = ({ content, sender }: TwinEvent): boolean =>
    content.membership === 'ban' || (content.membership === 'leave' && sender !== user);
  const isTooLow = (levels: TwinEvent): boolean => {
    const by = {
      creator: room.creator,
      state: (name: string, key: string) => (name === LEVELS ? levels : room.current(name, key)),
    };
    return levelOf(by, user) < levelFor(by, type, true);
  };
  return Math.min(
    heldSinceMs(room, room.current(MEMBER, user), isOut),
    heldSinceMs(room, room.current(LEVELS, ''), isTooLow),
  );
}

/** The time of the first event, from the current one back, since which it was so without a break. */
function heldSinceMs(
  room: TwinRoom,
  current: TwinEvent | undefined,
  isSo: (event: TwinEvent) => boolean,
): number {
  let sinceMs = Number.POSITIVE_INFINITY;
  let event = current;
  while (event !== undefined && isSo(event)) {
    sinceMs = event.origin_server_ts;
    event = before(room, event.replaces);
  }
  return sinceMs;
}

function before({ graph }: TwinRoom, id: EventId | null): TwinEvent | undefined {
  return id === null ? undefined : graph.event(id);
}
