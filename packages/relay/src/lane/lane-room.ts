import type { Patch, UserId } from '@weft/core';
import type { RunId } from '@weft/protocol';
import type { Admitted } from './admitted.ts';
import type { LanePerson } from './lane-part.ts';
import type { LaneSession } from './lane-session.ts';
import type { LaneSocket } from './lane-socket.ts';

/** The live room of one world. It takes care of itself until it is closed. */
export interface LaneRoom {
  /** This run: new whenever the room is opened. */
  readonly run: RunId;
  /** Whether the journal takes what it is given; while it does not, nothing is acknowledged. */
  readonly isKeeping: boolean;
  people(): Iterable<LanePerson>;
  /**
   * Lets somebody in: the welcome is sent, then what they have to know.
   *
   * @returns `null` where they may not come in; the socket is closed then, with the reason
   */
  join(admitted: Admitted, socket: LaneSocket): LaneSession | null;
  /**
   * What a service writes for a user, under the same checks as on a socket, under a stamp of an actor of its own.
   *
   * @returns its number, once it outlives the relay
   * @throws WeftError why it was refused; nothing was changed
   */
  write(user: UserId, patch: Patch): Promise<{ readonly seq: number }>;
  /**
   * What a service says for a user, to everybody here and in the room's chat.
   *
   * @throws WeftError `forbidden`, `limit`
   */
  say(user: UserId, text: string): void;
  /** Tells everybody that the relay goes, lets nobody in any more, commits, and closes all sockets with `draining`. */
  drain(inMs: number): Promise<void>;
  /** Closes all sockets, commits what it can and stops. May be called again. */
  close(): Promise<void>;
}
