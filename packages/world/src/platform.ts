import type { RandomBytes } from '@weft/core';
import { systemTimers, type Timers } from '@weft/matrix';
import type { MakeLane } from './lane/lanes.ts';

/** What a world takes from where it runs; twins of it make tests deterministic. */
export interface Platform {
  /** The local clock and timers. */
  readonly timers: Timers;
  /** Unpredictable bytes: ids are made of them. */
  readonly random: RandomBytes;
  /** The live lanes of worlds; absent where edits travel with the room alone. */
  readonly makeLane?: MakeLane;
}

/** Browsers and Node: the one place where they are named. */
export const systemPlatform: Platform = {
  timers: systemTimers,
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
};
