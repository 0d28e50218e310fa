import type { RelayTransport, TicketMessage } from '@weft/protocol';

/** The relays of a world, as far as its files are concerned. */
export interface RelayAccess {
  /** Those that this client is on right now: what answers there is known to be a relay of this world. */
  live(): readonly RelayTransport[];
  /** Resolves once it is known, for the first time since the world was opened, whether there is one; after five seconds in any case. */
  decided(signal: AbortSignal): Promise<void>;
  /** Asks one for a ticket of its services. @throws TicketRefused; HomeserverError */
  requestServiceTicket(relay: RelayTransport, signal: AbortSignal): Promise<Omit<TicketMessage, 'nonce'>>;
}

/** Where a relay answers HTTP: its address, with `http` in place of `ws`. */
export function httpUrlOf({ url }: RelayTransport): string {
  return url.replace(/^ws/, 'http');
}
