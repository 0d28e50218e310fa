import type { RandomBytes } from '@weft/core';
import { systemTimers, type Timers } from '@weft/matrix';

/** What a world takes from where it runs; twins of it make tests deterministic. */
export interface Platform {
  /** The local clock and timers. */
  readonly timers: Timers;
  /** Unpredictable bytes: ids are made of them. */
  readonly random: RandomBytes;
}

/** Browsers and Node: the one place where they are named. */
export const systemPlatform: Platform = {
  timers: systemTimers,
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
};
