import type { Session, UpFrame } from '@weft/protocol';

/** One client in a room, as its connection sees it. */
export interface LaneSession {
  readonly session: Session;
  /** Takes a frame that was decoded and may be sent by a client. Never throws; what is wrong is answered or closes the socket. */
  receive(frame: UpFrame): void;
  /** The connection is gone. May be called again. */
  closed(): void;
}
