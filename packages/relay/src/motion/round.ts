import { encodeFrame, MAX_POSE_DOWN_BYTES, poseTime, type Session, writeHidden } from '@weft/protocol';
import type { Ground } from './ground.ts';
import { mostOwedFirst } from './most-owed-first.ts';
import type { Mover } from './mover.ts';
import type { Movers } from './movers.ts';
import { type Sight, sightOf } from './nearest-of.ts';
import type { Viewer } from './viewer.ts';

/** What a frame holds beside its updates, and then some. */
const HEAD_BYTES = 16;
/** What an update takes as a rule. */
const LIKELY_BYTES = 9;
/** Movers that are looked at in one round, for all viewers: a fraction of a tick's time. Who is not reached comes first in the next. */
export const MAX_ROUND_LOOKS = 400_000;
/** What each viewer may look at in any case. */
export const MIN_LOOKS = 96;
/** Of whom a viewer sees more than it may look at, so many who are nearest are told of in each round, and the others in turn. */
export const NEAREST_FIRST = 48;
/** How often it is looked who they are. */
export const NEAREST_MS = 500;
/** For no longer anybody is owed anything, so that nobody is for a clock that was set. */
const MAX_OWED_MS = 1000;

const NONE: readonly Mover[] = [];

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
  /** Of the looks that there may be, the part that there is time for. */
  readonly part: number;
}

/** Tells every viewer what is new, in one frame each. Nobody waits for another, and who is not ready is told the newest later. */
export class Round {
  readonly #options: RoundOptions;
  #lastMs = 0;
  #sinceMs = 0;
  #looks = 0;
  /** What each viewer may look at in this round. */
  #share = 0;
  /** Whose turn it is in the next round. */
  #first = 0;
  /** What is new, by cell. */
  readonly #changedIn = new Map<number, Mover[]>();
  /** All that is seen from a cell, of those of which that was asked in this round. */
  readonly #seenFrom = new Map<number | null, Sight>();

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
    this.#seenFrom.clear();
    this.#looks = 0;
    this.#share = Math.max(MIN_LOOKS, Math.floor((MAX_ROUND_LOOKS * news.part) / Math.max(1, viewers.size)));
    let isMore = false;
    for (const viewer of this.#inTurn([...viewers.values()])) {
      if (this.#looks < MAX_ROUND_LOOKS && isReady(viewer.session)) this.#tell(viewer, news);
      else {
        // What it does not hear of now it is told of when its time has come.
        viewer.isBehind = true;
        viewer.hasMoved = true;
      }
      isMore ||= viewer.isBehind;
    }
    return isMore;
  }

  /** Those that were not reached in the last round, then the others. */
  *#inTurn(viewers: readonly Viewer[]): Iterable<Viewer> {
    const first = this.#first % Math.max(1, viewers.length);
    this.#first = first;
    for (let at = 0; at < viewers.length; at++) {
      const viewer = viewers[(first + at) % viewers.length];
      if (viewer === undefined) continue;
      yield viewer;
      if (this.#looks < MAX_ROUND_LOOKS) this.#first = first + at + 1;
    }
  }

  #sort(mover: Mover): void {
    const key = mover.cell?.key ?? 0;
    const there = this.#changedIn.get(key);
    if (there === undefined) this.#changedIn.set(key, [mover]);
    else there.push(mover);
  }

  #tell(viewer: Viewer, { changed, moved, nowMs }: News): void {
    const { movers } = this.#options;
    const hidden = this.#hide(viewer, viewer.hasMoved ? movers.all() : moved);
    viewer.hasMoved = false;
    const most = Math.min(viewer.budget.left, MAX_POSE_DOWN_BYTES) - HEAD_BYTES - sizeOf(hidden);
    const updates = this.#isTooMany(viewer)
      ? this.#takeInTurn(viewer, most, nowMs)
      : this.#takeNew(viewer, changed, most, nowMs);
    this.#send(viewer, hidden.length === 0 ? updates : [...hidden, ...updates], nowMs);
  }

  #takeNew(viewer: Viewer, changed: readonly Mover[], most: number, nowMs: number): Uint8Array[] {
    const seen = this.#see(viewer, changed);
    // Who could not be told everything goes by what it is owed, or the last ones would be left out for good.
    const isEasy = !viewer.isBehind && seen.length * LIKELY_BYTES <= most;
    const updates = this.#take(viewer, isEasy ? seen : this.#sorted(viewer, seen), most, nowMs);
    viewer.isBehind = updates.length < seen.length;
    return updates;
  }

  /** Whether it sees more than it may look at. */
  #isTooMany({ cells }: Viewer): boolean {
    const { movers, ground } = this.#options;
    if (cells === null) return movers.size > this.#share;
    return cells.reduce((sum, cell) => sum + ground.count(cell), 0) > this.#share;
  }

  /** First of those who are nearest, whenever there is something new, then of the others, from where it ended last. */
  #takeInTurn(viewer: Viewer, most: number, nowMs: number): Uint8Array[] {
    const sight = this.#sightFrom(viewer);
    const all = sight.movers;
    if (nowMs - viewer.nearestAtMs >= NEAREST_MS) {
      viewer.nearest = viewer.nearestOf(sight, NEAREST_FIRST);
      viewer.nearestAtMs = nowMs;
    }
    const isNew = (mover: Mover): boolean =>
      mover.version !== viewer.toldOf(mover) && mover.session !== viewer.session && viewer.sees(mover);
    const near = viewer.nearest.filter((mover) => !mover.isGone && isNew(mover));
    const updates = this.#take(viewer, near, most, nowMs);
    let left = most - sizeOf(updates);
    for (let looks = viewer.nearest.length; looks < this.#share; looks++) {
      const mover = all[viewer.cursor % all.length];
      if (mover !== undefined && isNew(mover)) {
        const update = mover.updateSince(viewer.toldOf(mover), nowMs);
        if (update.length > left) break;
        left -= update.length;
        viewer.tell(mover, mover.version);
        updates.push(update);
      }
      viewer.cursor = (viewer.cursor + 1) % all.length;
    }
    this.#looks += this.#share;
    viewer.isBehind = true;
    return updates;
  }

  #sightFrom({ cell, cells }: Viewer): Sight {
    const known = this.#seenFrom.get(cell);
    if (known !== undefined) return known;
    const { movers, ground } = this.#options;
    const sight = sightOf(cells === null ? [...movers.all()] : cells.flatMap((each) => [...ground.in(each)]));
    this.#seenFrom.set(cell, sight);
    return sight;
  }

  /** Of what there is something to tell it. */
  #see(viewer: Viewer, changed: readonly Mover[]): Mover[] {
    const { movers, ground } = this.#options;
    const { cells, isBehind, session } = viewer;
    const seen: Mover[] = [];
    const look = (there: Iterable<Mover>): void => {
      for (const mover of there) {
        this.#looks += 1;
        if (mover.version !== viewer.toldOf(mover) && mover.session !== session) seen.push(mover);
      }
    };
    if (cells === null) look(isBehind ? movers.all() : changed);
    else for (const cell of cells) look(isBehind ? ground.in(cell) : (this.#changedIn.get(cell) ?? NONE));
    return seen;
  }

  #sorted(viewer: Viewer, seen: readonly Mover[]): Mover[] {
    const owed = seen.map((mover) => viewer.owe(mover, this.#sinceMs));
    return Array.from(mostOwedFirst(owed), (at) => seen[at]).filter((mover) => mover !== undefined);
  }

  /** Their updates, as far as they fit. */
  #take(viewer: Viewer, movers: readonly Mover[], most: number, nowMs: number): Uint8Array[] {
    const updates: Uint8Array[] = [];
    let left = most;
    for (const mover of movers) {
      const update = mover.updateSince(viewer.toldOf(mover), nowMs);
      left -= update.length;
      if (left < 0) break;
      viewer.tell(mover, mover.version);
      updates.push(update);
    }
    return updates;
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
