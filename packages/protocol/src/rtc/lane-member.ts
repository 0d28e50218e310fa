import type { RelayTransport } from './relay-transport.ts';

/** What a client publishes of itself in the room. Who it is, the event's sender tells. */
export interface LaneMember {
  /** Random, new for each run of the client. */
  readonly memberId: string;
  /** `null` where the event names none. */
  readonly device: string | null;
  /** The session's Ed25519 public key in base64url; `null` where the event names none. */
  readonly key: string | null;
  /** The relays that it sends to: the first is its own. */
  readonly transports: readonly RelayTransport[];
  /** Whether it takes edits from device to device, since it has no relay. */
  readonly peer: boolean;
}
