import type { ActorId, UserId } from '@weft/core';
import type { Session } from '@weft/protocol';
import { CREATOR_LEVEL, type PersonEntry } from '@weft/protocol';
import type { Admitted } from './admitted.ts';
import type { LanePerson } from './lane-part.ts';
import type { LaneSocket } from './lane-socket.ts';
import { Outbox } from './outbox.ts';
import type { RoomLimits } from './room-limits.ts';

export interface SeatOptions {
  readonly session: Session;
  readonly admitted: Admitted;
  readonly socket: LaneSocket;
  readonly level: number;
  /** The client's own actor, and those of its earlier runs whose edits it may still send. */
  readonly actors: ReadonlySet<ActorId>;
  readonly limits: RoomLimits;
  readonly tooSlow: (seat: Seat) => void;
}

/** Somebody in the room: one socket, and all that is counted for it. */
export class Seat implements LanePerson {
  readonly session: Session;
  readonly user: UserId;
  readonly device: string;
  readonly actor: ActorId;
  readonly actors: ReadonlySet<ActorId>;
  readonly mode: 'play' | 'read';
  readonly socket: LaneSocket;
  readonly outbox: Outbox;
  level: number;
  /** Nothing of a socket counts any more that was closed. */
  isOpen = true;
  #lastN = 0;

  constructor({ session, admitted, socket, level, actors, limits, tooSlow }: SeatOptions) {
    this.session = session;
    this.user = admitted.user;
    this.device = admitted.device;
    this.actor = admitted.hello.actor;
    this.actors = actors;
    this.mode = admitted.hello.mode;
    this.level = level;
    this.socket = socket;
    this.outbox = new Outbox(socket, limits, () => tooSlow(this));
  }

  /** Whether this is the number that has to come next; from then on the one after it has. */
  counts(n: number): boolean {
    if (n !== this.#lastN + 1) return false;
    this.#lastN = n;
    return true;
  }

  entry(): PersonEntry {
    const { session, user, device, actor } = this;
    return { session, user, device, actor, level: wireLevel(this.level) };
  }
}

/** A power level as the lane has it: creators, who have no number, have 10^9. */
export function wireLevel(level: number): number {
  return Math.max(-CREATOR_LEVEL, Math.min(CREATOR_LEVEL, Math.trunc(level)));
}
