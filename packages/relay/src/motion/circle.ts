import { encodeFlow, type FlowUpdate, MAX_POSE_DOWN_BYTES, poseTime, type Session } from '@weft/protocol';
import { type Cell, seesFrom } from './cell.ts';
import type { Mover } from './mover.ts';
import type { News } from './news.ts';

/** Over how long it is counted how much there is to tell. */
const RATE_MS = 500;
/** Of the bytes that a reader may have in a second, the part by which whoever is told the same as the others lasts. */
const LASTING = 0.98;
const SECOND_MS = 1000;
const BITS = 8;
/** The head of a frame, and what fills its last byte. */
const HEAD_BITS = 32;
/** What a handle takes in a frame, at most. */
const HANDLE_BITS = 2 * 28;

/**
 * What is new to all who look from one cell and were told of everything before: the same bytes for each of them, own movers
 * included, made once; and, for those who come to them, how all that is seen from there stands.
 */
export class Circle {
  readonly #cell: Cell | null;
  #bytesPerSecond = 0;
  #nowMs = 0;
  #message: Uint8Array | null = null;
  #isTooLong = false;
  /** Whose movers all of the news is of, where it is of one session. */
  #only: Session | null = null;
  #whole: Uint8Array | null | undefined;

  /** @param cell from which they look; `null` for everywhere */
  constructor(cell: Cell | null) {
    this.#cell = cell;
  }

  /** The frame of what is new; `null` for nothing, or more than a frame holds. */
  get message(): Uint8Array | null {
    return this.#message;
  }

  /** Whether all of it can be told. */
  get isTold(): boolean {
    return !this.#isTooLong;
  }

  /** Whether readers who may have so many bytes a second can be told all of it for long. */
  isWithin(bytesPerSecond: number): boolean {
    return this.#bytesPerSecond <= LASTING * bytesPerSecond;
  }

  /** Gathers what is new. */
  gather({ nowMs, sinceMs, byHandle }: News): void {
    [this.#nowMs, this.#whole] = [nowMs, undefined];
    const cell = this.#cell;
    const updates: FlowUpdate[] = [];
    let [session, isOne] = [0, true];
    for (const mover of byHandle) {
      const wasSeen = mover.version > 1 && seesFrom(cell, mover.cellBefore);
      const isSeen = seesFrom(cell, mover.cell);
      if (!isSeen && !wasSeen) continue;
      if (isSeen) updates.push(wasSeen ? mover.flowOn(nowMs) : mover.flowFirst(nowMs));
      else updates.push(mover.flowHidden());
      isOne &&= session === 0 || session === mover.session;
      session = mover.session;
    }
    this.#only = isOne && session !== 0 ? session : null;
    this.#message = updates.length === 0 ? null : frameOf(nowMs, updates);
    this.#isTooLong = updates.length > 0 && this.#message === null;
    const size = this.#message?.length ?? (this.#isTooLong ? MAX_POSE_DOWN_BYTES : 0);
    this.#bytesPerSecond =
      this.#bytesPerSecond * Math.max(0, 1 - sinceMs / RATE_MS) + (size * SECOND_MS) / RATE_MS;
  }

  /** The frame for one session; `null` where there is nothing new for it. */
  messageFor(session: Session): Uint8Array | null {
    return this.#only === session ? null : this.#message;
  }

  /** How all that is seen stands, in one frame; empty where there is nobody, `null` for more than it holds. @param movers all there are, by their handles */
  whole(movers: Iterable<Mover>): Uint8Array | null {
    if (this.#whole === undefined) this.#whole = this.#writeWhole(movers);
    return this.#whole;
  }

  #writeWhole(movers: Iterable<Mover>): Uint8Array | null {
    const updates: FlowUpdate[] = [];
    for (const mover of movers)
      if (mover.version > 0 && seesFrom(this.#cell, mover.cell)) updates.push(mover.flowFirst(this.#nowMs));
    return updates.length === 0 ? new Uint8Array() : frameOf(this.#nowMs, updates);
  }
}

function frameOf(nowMs: number, updates: readonly FlowUpdate[]): Uint8Array | null {
  let most = HEAD_BITS;
  for (const { length } of updates) most += HANDLE_BITS + length;
  return most <= BITS * MAX_POSE_DOWN_BYTES ? encodeFlow(poseTime(nowMs), updates) : null;
}
