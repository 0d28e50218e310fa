import type { RoomId } from '../ids.ts';

/** Of events of a kind: none at all. */
export const NO_EVENTS = { types: [] };

/** The filter of a `/sync`: what is wanted of one room, or of all, and nothing else. */
export function syncFilter(wanted: {
  readonly rooms?: readonly [RoomId];
  readonly state: object;
  readonly timeline: object;
}): object {
  return {
    presence: NO_EVENTS,
    account_data: NO_EVENTS,
    room: { account_data: NO_EVENTS, ephemeral: NO_EVENTS, ...wanted },
  };
}
