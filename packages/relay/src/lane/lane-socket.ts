/** One client's connection as a room sees it. Nothing here waits or throws: what is closed swallows what it is sent. */
export interface LaneSocket {
  /**
   * Sends one message. A room sends many in one turn of the event loop: an implementation may hold them together until its end.
   *
   * @param written called once the system took the message over; never for a socket that is closed
   */
  send(message: Uint8Array, written?: () => void): void;
  /** Bytes that were sent and that the system did not take over yet. */
  readonly queuedBytes: number;
  /** For how long nothing was heard of the other side, in milliseconds; 0 while it is this side that does not listen. */
  readonly quietMs: number;
  /** Asks the other side whether it is there; its program need not answer, its WebSocket does. */
  ping(): void;
  /** Ends the connection once the messages before it are out; what comes in from now on is dropped. */
  close(code: number, reason: string): void;
}
