import { fraction, type RandomBytes, type Timers } from '@weft/core';
import { createSessionKey, type OpenLaneSocket, openChannel } from '@weft/live';
import { RtcSignalling } from '@weft/matrix';
import type { MakeLane } from './lanes.ts';

export interface LiveLaneOptions {
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly openSocket: OpenLaneSocket;
  /** `crypto.subtle`; `undefined` where a page has none, as on plain http. */
  readonly subtle: SubtleCrypto | undefined;
}

/** Lanes that find their relays over Matrix. */
export function liveLane({ timers, random, openSocket, subtle }: LiveLaneOptions): MakeLane {
  return async ({ homeserver, session, fallbackRelays }) => {
    const key = await createSessionKey({ subtle, random });
    return (replica, failed) => {
      const signalling = new RtcSignalling({
        ...{ homeserver, session, timers, configured: fallbackRelays, failed },
        fraction: () => fraction(random),
      });
      const { room } = session;
      const ports = { replica, signalling, openSocket, key, timers, random, failed };
      return { channel: openChannel({ room, ...ports }), stop: () => signalling.stop() };
    };
  };
}
