import type { Homeserver, RoomSession } from '@weft/matrix';
import type { OpenLane } from './world-lane.ts';

/**
 * A way for edits to travel: over a relay in milliseconds, between the devices of a small world where there is no relay, or
 * with the room alone.
 */
export type Lane = 'relay' | 'peer' | 'matrix';

/** Every way that there is. */
export const ALL_LANES: readonly Lane[] = ['relay', 'peer', 'matrix'];

/** What a lane is made for. */
export interface LaneSetting {
  readonly homeserver: Homeserver;
  readonly session: RoomSession;
  /** At least one besides `matrix`. */
  readonly lanes: readonly Lane[];
}

/** Prepares the live lane of a room that was just opened; nothing of it runs before it is opened. */
export type MakeLane = (setting: LaneSetting) => Promise<OpenLane>;
