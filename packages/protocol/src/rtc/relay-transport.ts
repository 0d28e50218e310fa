import { type EventContent, isEventContent, isUserId, type UserId } from '@weft/core';

/** The type of a transport that is a relay of Weft. */
export const RELAY_TRANSPORT = 'world.weft.relay';

/** The largest transport that is read, in bytes of canonical JSON. */
export const MAX_TRANSPORT_BYTES = 4_096;
/** Relays of one list; more are passed over. */
export const MAX_TRANSPORTS = 16;
/** The address of a relay, in characters. */
export const MAX_RELAY_URL_CHARACTERS = 512;

/** A relay, as events and homeservers name it. Whether its user is in the room tells whether it counts. */
export interface RelayTransport {
  readonly type: typeof RELAY_TRANSPORT;
  /** The base address, without a slash at its end: `wss:`, or `ws:` to this machine. */
  readonly url: string;
  /** The Matrix user of the relay, whom clients ask for tickets. */
  readonly user_id: UserId;
}

/** Whether it is the base address of a relay: `wss:`, or `ws:` to this machine, without user, query or fragment. */
export function isRelayUrl(input: unknown): input is string {
  if (typeof input !== 'string' || input.length > MAX_RELAY_URL_CHARACTERS || input.endsWith('/'))
    return false;
  // What URL would mend (spaces, tabs, line breaks, backslashes) two readers might mend differently.
  if (!/^wss?:\/\/[!-.0-[\]^-~][!-[\]-~]*$/.test(input) || !URL.canParse(input)) return false;
  const { protocol, username, password, search, hash, hostname } = new URL(input);
  if (username !== '' || password !== '' || search !== '' || hash !== '' || /[?#]/.test(input)) return false;
  return protocol === 'wss:' || isLoopback(hostname);
}

/** Where the sockets of the lane go. */
export function laneUrl({ url }: Pick<RelayTransport, 'url'>): string {
  return `${url}/v1/lane`;
}

/** Under which address the services of a relay are: the same, for HTTP. */
export function serviceUrl({ url }: Pick<RelayTransport, 'url'>): string {
  return `${url.replace(/^ws/, 'http')}/v1`;
}

export function relayTransport(url: string, user: UserId): EventContent & RelayTransport {
  return { type: RELAY_TRANSPORT, url, user_id: user };
}

/** The relay that something names; `null` for other transports and for what is malformed. Never throws. */
export function readRelayTransport(input: unknown): RelayTransport | null {
  if (!isEventContent(input, MAX_TRANSPORT_BYTES) || input.type !== RELAY_TRANSPORT) return null;
  const { url, user_id: user } = input;
  return isRelayUrl(url) && isUserId(user) ? { type: RELAY_TRANSPORT, url, user_id: user } : null;
}

/** The relays of a list of transports, each address once, in their order, at most 16. Never throws. */
export function readRelayTransports(list: unknown): readonly RelayTransport[] {
  const relays = new Map<string, RelayTransport>();
  if (!Array.isArray(list)) return [];
  for (const each of list.slice(0, MAX_LISTED)) {
    const relay = readRelayTransport(each);
    if (relay !== null && !relays.has(relay.url) && relays.size < MAX_TRANSPORTS)
      relays.set(relay.url, relay);
  }
  return [...relays.values()];
}

// Others' transports stand in the same lists.
const MAX_LISTED = 64;

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
