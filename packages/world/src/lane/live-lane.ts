import {
  fraction,
  type NativeDecoding,
  type Network,
  type RandomBytes,
  type Timers,
  toBase64Url,
} from '@weft/core';
import { createSessionKey, type OpenLaneSocket, openChannel } from '@weft/live';
import { RtcSignalling } from '@weft/matrix';
import { relaysOf } from './lane-relays.ts';
import type { MakeLane } from './lanes.ts';

export interface LiveLaneOptions extends NativeDecoding {
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly openSocket: OpenLaneSocket;
  /** `crypto.subtle`; `undefined` where a page has none, as on plain http. */
  readonly subtle: SubtleCrypto | undefined;
  /** When it is back, relays are looked for at once. */
  readonly network?: Network | undefined;
}

const NONCE_BYTES = 18;

/** Lanes that find their relays, and each other, over Matrix. */
export function liveLane(options: LiveLaneOptions): MakeLane {
  const { timers, random, openSocket, subtle, createSha256, inflate, network } = options;
  return async ({ homeserver, session, replica: copy, relays, peers, fallbackRelays }) => {
    const key = await createSessionKey({ subtle, random });
    return (replica, failed) => {
      const signalling = new RtcSignalling({
        ...{ homeserver, session, timers, configured: fallbackRelays, relays, failed },
        fraction: () => fraction(random),
      });
      const { room } = session;
      const ports = { replica, signalling, openSocket, key, timers, random, failed };
      const among = {
        ...{ mail: signalling.peers, user: homeserver.userId, replica: copy },
        now: () => timers.now() + homeserver.serverOffsetMs(),
      };
      const channel = openChannel({
        ...{ room, ...ports, createSha256, inflate },
        ...(peers ? { peers: among } : {}),
      });
      const stopNetwork = network?.onChange((isOnline) => {
        if (isOnline) channel.wake();
      });
      return {
        channel,
        relays: {
          ...relaysOf(channel, timers),
          requestServiceTicket: (relay, signal) =>
            signalling.requestServiceTicket(relay, toBase64Url(random(NONCE_BYTES)), signal),
        },
        stop() {
          stopNetwork?.();
          signalling.stop();
        },
      };
    };
  };
}
