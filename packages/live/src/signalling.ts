import type { Readable, UserId } from '@weft/core';
import type { RelayTransport, TicketMessage } from '@weft/protocol';

/** What lets one socket in, once: the answer to a request with that nonce. */
export type Ticket = Omit<TicketMessage, 'nonce'>;

export interface TicketRequest {
  /** Random, new for each run of the client: names this member of the lane. */
  readonly memberId: string;
  /** 16 random bytes or more in base64url, new for each request; the answer carries it back. */
  readonly nonce: string;
  /** The session's Ed25519 public key, in base64url. */
  readonly key: string;
}

/** What a client tells the room of itself while it is on a lane. */
export interface Announcement {
  readonly memberId: string;
  readonly key: string;
  /** `null` where it is on none, and takes edits from device to device. */
  readonly transport: RelayTransport | null;
}

/**
 * How the clients and the relays of one world find each other: over Matrix in products, in memory in tests. Everything
 * that takes a signal rejects soon after it is aborted, and leaves nothing behind.
 */
export interface Signalling {
  /**
   * The relays that this world may use, those that the world names first, then in the order of discovery; only those
   * whose user is in the room. None is an empty list; it rejects where that could not be found out.
   */
  candidates(signal: AbortSignal): Promise<readonly RelayTransport[]>;
  /** Those of them that are known without asking; another list as soon as their users come and go, or the world names others. */
  readonly known: Readable<readonly RelayTransport[]>;
  /** The relays that current members publish, each once, this client's own included. */
  readonly published: Readable<readonly RelayTransport[]>;
  /** Whether a user says in the room, as a current member of the lane, that they send to this relay. */
  sendsTo(user: UserId, transport: RelayTransport): boolean;
  /**
   * Asks a relay to admit this client.
   *
   * @throws TicketRefused of @weft/protocol, where the relay says no; whatever the homeserver says where it did not deliver
   */
  requestTicket(transport: RelayTransport, request: TicketRequest, signal: AbortSignal): Promise<Ticket>;
  /** Publishes this member and its relay, or with `null` that it left. A failure is not the lane's: it may be tried again. */
  announce(member: Announcement | null): Promise<void>;
}
