import { type Actors, isUserId } from '@weft/core';
import { CLOSE_CODES, type DownFrame, encodeFrame, type Session } from '@weft/protocol';
import type { Admitted } from './admitted.ts';
import type { Urgency } from './lane-part.ts';
import type { LaneSocket } from './lane-socket.ts';
import type { RoomLimits } from './room-limits.ts';
import { Seat } from './seat.ts';

/** Why somebody may not come in: how their socket is closed. */
export interface Refused {
  readonly code: number;
  readonly reason: string;
}

export interface PeopleOptions {
  readonly limits: RoomLimits;
  readonly actors: Actors;
  /** Somebody is gone, and nobody was told yet. */
  readonly onLeft: (seat: Seat) => void;
}

/** Who is in the room. A number is given once in a run. */
export class People {
  readonly #options: PeopleOptions;
  readonly #seats = new Map<Session, Seat>();
  /** Those who turned out too slow while something was handed round. */
  readonly #slow = new Set<Seat>();
  #isHandingRound = false;
  #last = 0;

  constructor(options: PeopleOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#seats.size;
  }

  all(): Iterable<Seat> {
    return this.#seats.values();
  }

  of(session: Session): Seat | undefined {
    return this.#seats.get(session);
  }

  /** Gives somebody a seat: who has the same one already makes room. Nobody is told yet. */
  admit(admitted: Admitted, socket: LaneSocket, level: number): Seat | Refused {
    const { limits, actors } = this.#options;
    const { user, device, hello } = admitted;
    if (isUserId(hello.actor)) return refused('malformed', 'a user is no actor of the lane');
    const same = [...this.all()].find(({ actor }) => actor === hello.actor);
    const isOwn = same?.user === user && same.device === device;
    if ((same !== undefined && !isOwn) || !actors.mayBe(hello.actor, user))
      return refused('replaced', 'the actor is in use: begin again with a new one');
    if (same !== undefined) this.expel(same, CLOSE_CODES.replaced, 'replaced by a newer connection');
    if (this.#seats.size >= limits.maxPeople) return refused('tooMany', 'the room is full');
    const own = [...this.all()].filter((seat) => seat.user === user).length;
    if (own >= limits.maxSessionsPerUser) return refused('tooMany', 'too many connections of one user');
    const former = hello.former.filter((actor) => !isUserId(actor) && actors.mayBe(actor, user));
    this.#last += 1;
    const seat = new Seat({
      session: this.#last,
      admitted,
      socket,
      level,
      actors: new Set([hello.actor, ...former]),
      limits,
      tooSlow: (slow) => this.#tooSlow(slow),
    });
    for (const actor of seat.actors) actors.see(actor, user);
    return seat;
  }

  enter(seat: Seat): void {
    this.#seats.set(seat.session, seat);
  }

  send(seat: Seat, frame: DownFrame, urgency: Urgency = 'steady'): void {
    if (seat.isOpen) seat.outbox[urgency](encodeFrame(frame));
  }

  broadcast(frame: DownFrame, urgency: Urgency = 'steady', except: Session | 0 = 0): void {
    if (this.#seats.size > 0) this.handRound(encodeFrame(frame), urgency, except);
  }

  /** Hands the same bytes to everybody but one. */
  handRound(message: Uint8Array, urgency: Urgency, except: Session | 0): void {
    this.#isHandingRound = true;
    for (const seat of this.#seats.values()) if (seat.session !== except) seat.outbox[urgency](message);
    this.#isHandingRound = false;
    for (const seat of this.#slow) this.#tooSlow(seat);
  }

  /** Closes somebody's socket, and says why. */
  expel(seat: Seat, code: number, reason: string): void {
    if (!seat.isOpen) return;
    if (code !== CLOSE_CODES.slowReader) this.send(seat, { type: 'bye-down', code, reason });
    seat.socket.close(code, reason);
    this.leave(seat);
  }

  leave(seat: Seat): void {
    if (!seat.isOpen) return;
    seat.isOpen = false;
    if (this.#seats.delete(seat.session)) this.#options.onLeft(seat);
  }

  /** Whoever is closed while something is handed round would be told of in the middle of it. */
  #tooSlow(seat: Seat): void {
    if (this.#isHandingRound) {
      this.#slow.add(seat);
      return;
    }
    this.#slow.delete(seat);
    this.expel(seat, CLOSE_CODES.slowReader, 'reads more slowly than the world changes');
  }
}

function refused(code: keyof typeof CLOSE_CODES, reason: string): Refused {
  return { code: CLOSE_CODES[code], reason };
}
