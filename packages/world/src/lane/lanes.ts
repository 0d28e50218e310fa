import type { Homeserver, RoomSession } from '@weft/matrix';
import type { RelayTransport } from '@weft/protocol';
import type { OpenLane } from './world-lane.ts';

/** A way for edits to travel: over a relay in milliseconds, or with the room alone. */
export type Lane = 'relay' | 'matrix';

/** Every way that there is. */
export const ALL_LANES: readonly Lane[] = ['relay', 'matrix'];

/** How the edits of an open world may travel. */
export interface LaneChoice {
  /**
   * Default: all ways, the fastest that there is: over a relay that the world or the homeserver names and that is in the room.
   * The room, which keeps the world, is always among them.
   */
  readonly lanes?: readonly Lane[];
  /** Relays that are tried where neither the world nor the homeserver names one that lets this user in. Default: none. */
  readonly fallbackRelays?: readonly RelayTransport[];
}

/** What a lane is made for. */
export interface LaneSetting {
  readonly homeserver: Homeserver;
  readonly session: RoomSession;
  /** Relays that are tried last. */
  readonly fallbackRelays: readonly RelayTransport[];
}

/** The lane of a world; `null` where it has none: it was not wanted, or the world can only be looked at. */
export async function laneFor(
  { homeserver, session }: Pick<LaneSetting, 'homeserver' | 'session'>,
  { lanes = ALL_LANES, fallbackRelays = [] }: LaneChoice,
  makeLane: MakeLane | undefined,
): Promise<OpenLane | null> {
  const { encrypted, replacement } = session.standing;
  const isWanted = lanes.includes('relay');
  if (makeLane === undefined || !isWanted || encrypted || replacement !== null) return null;
  return makeLane({ homeserver, session, fallbackRelays });
}

/** Prepares the live lane of a room that was just opened; nothing of it runs before it is opened. */
export type MakeLane = (setting: LaneSetting) => Promise<OpenLane>;
