import { isEventContent } from '@weft/core';
import { type RelayTransport, readRelayTransports } from '../rtc/relay-transport.ts';

const MAX_WORLD_BYTES = 61_440;

/** What a world lets guests do, each more than the one before. */
export const GUEST_RIGHTS = ['off', 'look', 'speak', 'play'] as const;
/** `off`: not let in; `look`: hear and see; `speak`: and send events and chat; `play`: and what visitors may. */
export type GuestRights = (typeof GUEST_RIGHTS)[number];

/** What the content of `world.weft.world` says of the lane. */
export interface LanePolicy {
  /** The relays that the world trusts, in the order in which they are tried. */
  readonly relays: readonly RelayTransport[];
  readonly guests: GuestRights;
}

/** What is absent or malformed pins no relay and lets no guest in. Never throws. */
export function readLanePolicy(content: unknown): LanePolicy {
  if (!isEventContent(content, MAX_WORLD_BYTES)) return { relays: [], guests: 'off' };
  return {
    relays: readRelayTransports(content.relays),
    guests: GUEST_RIGHTS.find((right) => right === content.guests) ?? 'off',
  };
}
