import type { UserId } from '@weft/core';
import type { TicketPurpose } from '@weft/protocol';
import type { LaneRoom } from '../lane/lane-room.ts';

/** What the outer side of a relay needs of the account that follows the worlds. */
export interface ServedWorlds {
  /** The relay's own user, whom clients ask for tickets. */
  readonly userId: UserId;
  /** Worlds that are served right now. */
  readonly count: number;
  /** Whether this user may enter this world now. An unknown world is answered like a forbidden one. */
  mayEnter(room: string, user: UserId, purpose: TicketPurpose): boolean;
  /** `null` for a world that is not served. */
  roomOf(room: string): LaneRoom | null;
  /** When the homeserver last answered, in milliseconds since the epoch; `null` before it ever did. */
  lastAnswerMs(): number | null;
  /** Tells everybody in every world that the relay goes, commits, and closes their sockets. */
  drain(inMs: number): Promise<void>;
  /** Stops following. May be called again. */
  close(): Promise<void>;
}
