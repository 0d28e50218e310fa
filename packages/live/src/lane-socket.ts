/** What a socket tells, in order; nothing after `closed`. */
export interface LaneSocketListener {
  opened(): void;
  /** One whole binary message. */
  received(bytes: Uint8Array): void;
  /** Once: it could not be opened, or is over. `1006` where nobody said why. */
  closed(code: number, reason: string): void;
}

/** One connection to a relay: a WebSocket in products, a queue in tests. */
export interface LaneSocket {
  /** Does nothing once it is closed. */
  send(bytes: Uint8Array): void;
  /** What was handed over and is not sent yet, in bytes. */
  readonly queuedBytes: number;
  /** The listener hears `closed` at once or later; a socket that is still opening is given up. */
  close(code: number, reason: string): void;
}

/** Opens a connection; a failure is told by `closed`. */
export type OpenLaneSocket = (url: string, listener: LaneSocketListener) => LaneSocket;
