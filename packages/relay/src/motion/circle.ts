import { encodePoses, poseTime, type Session, writeHidden } from '@weft/protocol';
import { type Cell, seesFrom } from './cell.ts';
import type { News } from './news.ts';

/** Over how long it is counted how much there is to tell. */
const RATE_MS = 1000;

/** Where the updates of one session's own movers stand among all. */
type Range = readonly [from: number, to: number];

/**
 * What is new to all who look from one cell and were told of everything before: the same bytes for each of them, made once.
 * Own movers are cut out of what a session is told.
 */
export class Circle {
  readonly #cell: Cell | null;
  #bytesPerSecond = 0;
  #updates: Uint8Array[] = [];
  readonly #own = new Map<Session, Range[]>();
  #size = 0;
  #nowMs = 0;
  #message: Uint8Array | null = null;

  /** @param cell from which they look; `null` for everywhere */
  constructor(cell: Cell | null) {
    this.#cell = cell;
  }

  /** How much there is to tell each of them, about. */
  get bytesPerSecond(): number {
    return this.#bytesPerSecond;
  }

  /** What there is to tell in this round, in bytes. */
  get size(): number {
    return this.#size;
  }

  /** Gathers what is new. */
  gather(news: News): void {
    const { nowMs, sinceMs, moved } = news;
    [this.#updates, this.#size, this.#nowMs, this.#message] = [[], 0, nowMs, null];
    this.#own.clear();
    const cell = this.#cell;
    for (const mover of moved)
      if (mover.version > 1 && seesFrom(cell, mover.cellBefore) && !seesFrom(cell, mover.cell))
        this.#add(mover.session, writeHidden(mover.handle));
    for (const mover of news.in(cell?.keysAround() ?? null)) {
      const wasSeen = seesFrom(cell, mover.cellBefore);
      this.#add(mover.session, mover.updateSince(wasSeen ? mover.version - 1 : 0, nowMs));
    }
    this.#bytesPerSecond = this.#bytesPerSecond * Math.max(0, 1 - sinceMs / RATE_MS) + this.#size;
  }

  /** Whether something of what is new is this session's own. */
  hasOwn(session: Session): boolean {
    return this.#own.has(session);
  }

  /** The frame for one session; `null` where there is nothing new for it. */
  messageFor(session: Session): Uint8Array | null {
    if (this.#size === 0) return null;
    this.#message ??= encodePoses(poseTime(this.#nowMs), this.#updates);
    const own = this.#own.get(session);
    return own === undefined ? this.#message : this.#without(this.#message, own);
  }

  #without(message: Uint8Array, own: readonly Range[]): Uint8Array | null {
    const ownBytes = own.reduce((sum, [from, to]) => sum + to - from, 0);
    if (ownBytes === this.#size) return null;
    const rest = new Uint8Array(message.length - ownBytes);
    const headBytes = message.length - this.#size;
    let [taken, end] = [0, 0];
    for (const [from, to] of own) {
      rest.set(message.subarray(taken, headBytes + from), end);
      end += headBytes + from - taken;
      taken = headBytes + to;
    }
    rest.set(message.subarray(taken), end);
    return rest;
  }

  #add(session: Session, update: Uint8Array): void {
    const range: Range = [this.#size, this.#size + update.length];
    this.#size = range[1];
    this.#updates.push(update);
    const own = this.#own.get(session);
    if (own === undefined) this.#own.set(session, [range]);
    else own.push(range);
  }
}
