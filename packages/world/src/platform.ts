import type { Network, RandomBytes } from '@weft/core';
import { createSystemSha256, openSystemSocket, systemInflate } from '@weft/live/system';
import { systemTimers, type Timers } from '@weft/matrix';
import type { MakeLane } from './lane/lanes.ts';
import { liveLane } from './lane/live-lane.ts';

/** What a world takes from where it runs; twins of it make tests deterministic. */
export interface Platform {
  /** The local clock and timers. */
  readonly timers: Timers;
  /** Unpredictable bytes: ids are made of them. */
  readonly random: RandomBytes;
  /** What this device says of its network; absent where it says nothing. */
  readonly network?: Network | undefined;
  /** The live lanes of worlds; absent where edits travel with the room alone. */
  readonly makeLane?: MakeLane;
}

const random: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));
// Absent on pages of plain http, whatever the type says.
const subtle: SubtleCrypto | undefined = crypto.subtle;

/** Browsers tell their pages; Node tells nobody. */
const network: Network | undefined =
  typeof globalThis.addEventListener !== 'function'
    ? undefined
    : {
        onChange(listener) {
          const [online, offline] = [() => listener(true), () => listener(false)];
          addEventListener('online', online);
          addEventListener('offline', offline);
          return () => {
            removeEventListener('online', online);
            removeEventListener('offline', offline);
          };
        },
      };

/** Browsers and Node: the one place where they are named. */
export const systemPlatform: Platform = {
  timers: systemTimers,
  random,
  network,
  makeLane: liveLane({
    ...{ timers: systemTimers, random, network, subtle },
    openSocket: openSystemSocket,
    createSha256: createSystemSha256,
    inflate: systemInflate,
  }),
};
