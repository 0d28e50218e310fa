import type { Replica } from '@weft/core';
import type { Homeserver, RoomSession } from '@weft/matrix';
import type { RelayTransport } from '@weft/protocol';
import type { OpenLane } from './world-lane.ts';

/**
 * A way for edits to travel: over a relay in milliseconds; from device to device through the homeservers, in tens of them, where
 * no relay can be reached; or with the room alone.
 */
export type Lane = 'relay' | 'peer' | 'matrix';

/** Every way that there is, the best first. */
export const ALL_LANES: readonly Lane[] = ['relay', 'peer', 'matrix'];

/** How the edits of an open world may travel. */
export interface LaneChoice {
  /**
   * Default: all ways, the best that there is at the moment: over a relay that the world or the homeserver names and that is in
   * the room; else among the devices that are there, 8 at most. The room, which keeps the world, is always among them.
   */
  readonly lanes?: readonly Lane[];
  /** Relays that are tried where neither the world nor the homeserver names one that lets this user in. Default: none. */
  readonly fallbackRelays?: readonly RelayTransport[];
}

/** What a lane is made for. */
export interface LaneSetting {
  readonly homeserver: Homeserver;
  readonly session: RoomSession;
  readonly replica: Replica;
  /** Whether relays are wanted. */
  readonly relays: boolean;
  /** Whether edits may go from device to device. */
  readonly peers: boolean;
  /** Relays that are tried last. */
  readonly fallbackRelays: readonly RelayTransport[];
}

/** The lane of a world; `null` where it has none: it was not wanted, or the world can only be looked at. */
export async function laneFor(
  world: Pick<LaneSetting, 'homeserver' | 'session' | 'replica'>,
  { lanes = ALL_LANES, fallbackRelays = [] }: LaneChoice,
  makeLane: MakeLane | undefined,
): Promise<OpenLane | null> {
  const { encrypted, replacement } = world.session.standing;
  const [relays, peers] = [lanes.includes('relay'), lanes.includes('peer')];
  if (makeLane === undefined || !(relays || peers) || encrypted || replacement !== null) return null;
  return makeLane({ ...world, relays, peers, fallbackRelays });
}

/** Prepares the live lane of a room that was just opened; nothing of it runs before it is opened. */
export type MakeLane = (setting: LaneSetting) => Promise<OpenLane>;
