import type { RandomBytes } from '@weft/core';
import { webSockets } from '@weft/live';
import { systemTimers, type Timers } from '@weft/matrix';
import type { MakeLane } from './lane/lanes.ts';
import { liveLane } from './lane/live-lane.ts';

/** What a world takes from where it runs; twins of it make tests deterministic. */
export interface Platform {
  /** The local clock and timers. */
  readonly timers: Timers;
  /** Unpredictable bytes: ids are made of them. */
  readonly random: RandomBytes;
  /** The live lanes of worlds; absent where edits travel with the room alone. */
  readonly makeLane?: MakeLane;
}

const random: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));
// Absent on pages of plain http, whatever the type says.
const subtle: SubtleCrypto | undefined = crypto.subtle;

/** Browsers and Node: the one place where they are named. */
export const systemPlatform: Platform = {
  timers: systemTimers,
  random,
  makeLane: liveLane({ timers: systemTimers, random, openSocket: webSockets(WebSocket), subtle }),
};
