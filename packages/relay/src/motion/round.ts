import { encodeFrame, MAX_POSE_DOWN_BYTES, poseTime, type Session, writeHidden } from '@weft/protocol';
import { chooseMostOwed } from './choice.ts';
import type { Ground } from './ground.ts';
import type { Mover } from './mover.ts';
import type { Movers } from './movers.ts';
import type { Viewer } from './viewer.ts';

/** What a frame holds beside its updates, and then some. */
const HEAD_BYTES = 16;
/** For no longer anybody is owed anything, so that nobody is for a clock that was set. */
const MAX_OWED_MS = 1000;

export interface RoundOptions {
  readonly movers: Movers;
  readonly ground: Ground;
  readonly viewers: ReadonlyMap<Session, Viewer>;
  /** Whether what is sent to this socket goes out at once. */
  readonly isReady: (session: Session) => boolean;
  readonly send: (session: Session, message: Uint8Array) => void;
}

/** What is new. */
export interface News {
  /** Movers of which a new pose is told. */
  readonly changed: readonly Mover[];
  /** Those of them that are in another cell than before. */
  readonly moved: readonly Mover[];
  readonly nowMs: number;
}

/** Tells every viewer what is new, in one frame each. Nobody waits for another, and who is not ready is told the newest later. */
export class Round {
  readonly #options: RoundOptions;
  #lastMs = 0;
  #sinceMs = 0;
  /** What is new, by cell. */
  readonly #changedIn = new Map<number, Mover[]>();

  constructor(options: RoundOptions) {
    this.#options = options;
  }

  /** @returns whether there is more to tell than could be told */
  run(news: News): boolean {
    const { viewers, isReady } = this.#options;
    this.#sinceMs = Math.max(1, Math.min(MAX_OWED_MS, news.nowMs - this.#lastMs));
    this.#lastMs = news.nowMs;
    this.#changedIn.clear();
    for (const mover of news.changed) this.#sort(mover);
    let isMore = false;
    for (const viewer of viewers.values()) {
      if (isReady(viewer.session)) this.#tell(viewer, news);
      else {
        // What it does not hear of now it is told of when it has caught up.
        viewer.isBehind = true;
        viewer.hasMoved = true;
      }
      isMore ||= viewer.isBehind;
    }
    return isMore;
  }

  #sort(mover: Mover): void {
    const key = mover.cell?.key ?? 0;
    const there = this.#changedIn.get(key);
    if (there === undefined) this.#changedIn.set(key, [mover]);
    else there.push(mover);
  }

  #tell(viewer: Viewer, { changed, moved, nowMs }: News): void {
    const { movers, ground } = this.#options;
    const hidden = this.#hide(viewer, viewer.hasMoved ? movers.all() : moved);
    viewer.hasMoved = false;
    const seen: Mover[] = [];
    const updates: Uint8Array[] = [];
    let bytes = 0;
    const look = (mover: Mover): void => {
      const told = viewer.toldOf(mover);
      if (mover.version === told || mover.session === viewer.session) return;
      const update = mover.updateSince(told, nowMs);
      bytes += update.length;
      seen.push(mover);
      updates.push(update);
    };
    const { cells, isBehind } = viewer;
    if (cells === null) for (const mover of isBehind ? movers.all() : changed) look(mover);
    else
      for (const cell of cells)
        for (const mover of isBehind ? ground.in(cell) : (this.#changedIn.get(cell) ?? [])) look(mover);
    const most = Math.min(viewer.budget.left, MAX_POSE_DOWN_BYTES) - HEAD_BYTES - sizeOf(hidden);
    viewer.isBehind = bytes > most;
    if (viewer.isBehind) this.#send(viewer, [...hidden, ...this.#choose(viewer, seen, updates, most)], nowMs);
    else {
      for (const mover of seen) viewer.tell(mover, mover.version);
      this.#send(viewer, hidden.length === 0 ? updates : [...hidden, ...updates], nowMs);
    }
  }

  /** What of them it was told of and does not see any more. */
  #hide(viewer: Viewer, movers: Iterable<Mover>): Uint8Array[] {
    const hidden: Uint8Array[] = [];
    for (const mover of movers) {
      if (viewer.toldOf(mover) === 0 || viewer.sees(mover)) continue;
      hidden.push(writeHidden(mover.handle));
      viewer.tell(mover, 0);
    }
    return hidden;
  }

  #choose(
    viewer: Viewer,
    seen: readonly Mover[],
    updates: readonly Uint8Array[],
    bytes: number,
  ): Uint8Array[] {
    const sizes = updates.map(({ length }) => length);
    const owed = seen.map((mover) => viewer.owe(mover, this.#sinceMs));
    const chosen: Uint8Array[] = [];
    for (const at of chooseMostOwed(sizes, owed, bytes)) {
      const [mover, update] = [seen[at], updates[at]];
      if (mover === undefined || update === undefined) continue;
      viewer.tell(mover, mover.version);
      chosen.push(update);
    }
    return chosen;
  }

  #send({ session, budget }: Viewer, updates: readonly Uint8Array[], nowMs: number): void {
    if (updates.length === 0) return;
    const message = encodeFrame({ type: 'pose-down', at: poseTime(nowMs), updates: joined(updates) });
    budget.spend(message.length);
    this.#options.send(session, message);
  }
}

function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

/** Byte by byte: parts are so short that a call for each would cost more. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(sizeOf(parts));
  let end = 0;
  for (const part of parts) for (let at = 0; at < part.length; at++) whole[end++] = part[at] ?? 0;
  return whole;
}
