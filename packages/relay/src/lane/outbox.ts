import type { LaneSocket } from './lane-socket.ts';
import type { RoomLimits } from './room-limits.ts';

/** How much a socket may have queued while fleeting frames still go straight to it, in bytes. */
export const FLEETING_ROOM_BYTES = 64 * 1024;
/** How much it may have queued while poses are told at all, in bytes: what is queued grows old. */
export const POSE_ROOM_BYTES = 16 * 1024;
/** How much of what a newcomer has to know is under way at once, in bytes. */
export const CATCH_UP_BYTES = 256 * 1024;

type OutboxLimits = Pick<RoomLimits, 'fleetingQueueBytes' | 'readerQueueBytes'>;

/**
 * What goes to one reader. Steady frames go out in order, behind what a newcomer has to know; who does not read them is given
 * up. Fleeting ones wait while the socket is behind, and of too many the oldest are dropped. Nobody else ever waits.
 */
export class Outbox {
  readonly #socket: LaneSocket;
  readonly #limits: OutboxLimits;
  readonly #tooSlow: () => void;
  /** What a newcomer has to know, shared with other newcomers, and the steady frames that came meanwhile. */
  #catchUp: Uint8Array[] = [];
  #isCatchingUp = false;
  #behindBytes = 0;
  readonly #fleeting: Uint8Array[] = [];
  #fleetingBytes = 0;
  #dropped = 0;

  /** @param tooSlow called when more is queued than a reader may have; perhaps again */
  constructor(socket: LaneSocket, limits: OutboxLimits, tooSlow: () => void) {
    this.#socket = socket;
    this.#limits = limits;
    this.#tooSlow = tooSlow;
  }

  /** Fleeting frames that this reader never got. */
  get dropped(): number {
    return this.#dropped;
  }

  /** What was meant for this reader and is not on its way, in bytes; what newcomers have to know is not counted. */
  get queuedBytes(): number {
    return this.#socket.queuedBytes + this.#behindBytes + this.#fleetingBytes;
  }

  /** Whether what is sent now goes out soon, and after all that was sent before. */
  get isReady(): boolean {
    return !this.#isCatchingUp && this.#fleeting.length === 0 && this.#socket.queuedBytes < POSE_ROOM_BYTES;
  }

  /** Sends what a newcomer has to know, a little at a time; steady frames come after it. */
  catchUp(messages: readonly Uint8Array[]): void {
    this.#catchUp = [...this.#catchUp, ...messages];
    this.#isCatchingUp = true;
    this.#pump();
  }

  steady(message: Uint8Array): void {
    if (this.#isCatchingUp) {
      this.#catchUp.push(message);
      this.#behindBytes += message.length;
    } else this.#send(message);
    if (this.queuedBytes > this.#limits.readerQueueBytes) this.#tooSlow();
  }

  fleeting(message: Uint8Array): void {
    const { queuedBytes } = this.#socket;
    if (this.#fleeting.length === 0 && queuedBytes < FLEETING_ROOM_BYTES) {
      this.#send(message, queuedBytes);
      return;
    }
    this.#fleeting.push(message);
    this.#fleetingBytes += message.length;
    while (this.#fleetingBytes > this.#limits.fleetingQueueBytes) this.#dropOldest();
  }

  readonly #pump = (): void => {
    let at = 0;
    for (; at < this.#catchUp.length && this.#socket.queuedBytes < CATCH_UP_BYTES; at += 1) {
      const next = this.#catchUp[at];
      if (next !== undefined) this.#send(next);
    }
    if (at > 0) this.#catchUp.splice(0, at);
    if (this.#catchUp.length === 0) {
      this.#isCatchingUp = false;
      this.#behindBytes = 0;
    }
    while (this.#fleeting.length > 0 && this.#socket.queuedBytes < FLEETING_ROOM_BYTES) {
      const next = this.#fleeting.shift();
      this.#fleetingBytes -= next?.length ?? 0;
      if (next !== undefined) this.#send(next);
    }
  };

  #send(message: Uint8Array, queuedBytes = this.#socket.queuedBytes): void {
    // Whoever takes all at once need not tell. Of what fills a socket one message at least tells.
    const isIdle = !this.#isCatchingUp && this.#fleeting.length === 0 && queuedBytes === 0;
    this.#socket.send(message, isIdle && message.length < FLEETING_ROOM_BYTES ? undefined : this.#pump);
  }

  #dropOldest(): void {
    this.#fleetingBytes -= this.#fleeting.shift()?.length ?? 0;
    this.#dropped += 1;
  }
}
