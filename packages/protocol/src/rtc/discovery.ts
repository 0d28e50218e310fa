import { type RelayTransport, readRelayTransports } from './relay-transport.ts';

/** Where homeservers list transports, the unstable path first, since it is the one that is served. */
export const RTC_TRANSPORTS_PATHS = [
  '/_matrix/client/unstable/org.matrix.msc4143/rtc/transports',
  '/_matrix/client/v1/rtc/transports',
] as const;

// MSC4143 has named it both ways; servers answer with either, or with nothing.
const TRANSPORT_KEYS = ['transports', 'rtc_transports'] as const;
// In `/.well-known/matrix/client`: what is deployed, and MSC4158.
const WELL_KNOWN_KEYS = ['org.matrix.msc4143.rtc_foci', 'm.rtc_foci'] as const;

/** The relays of an answer to `/rtc/transports`. Never throws. */
export function readRtcTransports(body: unknown): readonly RelayTransport[] {
  return relaysUnder(body, TRANSPORT_KEYS);
}

/** The relays of a `/.well-known/matrix/client`. Never throws. */
export function readWellKnownRelays(body: unknown): readonly RelayTransport[] {
  return relaysUnder(body, WELL_KNOWN_KEYS);
}

function relaysUnder(body: unknown, keys: readonly string[]): readonly RelayTransport[] {
  if (typeof body !== 'object' || body === null) return [];
  for (const key of keys) {
    const relays = readRelayTransports(Object.hasOwn(body, key) ? Reflect.get(body, key) : undefined);
    if (relays.length > 0) return relays;
  }
  return [];
}
