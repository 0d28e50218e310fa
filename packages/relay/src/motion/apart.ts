import { encodePoses, MAX_POSE_DOWN_BYTES, poseTime } from '@weft/protocol';
import type { Circle } from './circle.ts';
import { hide, unseenBy } from './hide-unseen.ts';
import { mostOwedFirst } from './most-owed-first.ts';
import type { Mover } from './mover.ts';
import { Sight } from './nearest-of.ts';
import type { News } from './news.ts';
import type { RoundOptions } from './round-options.ts';
import { HEAD_BYTES, sizeOf } from './size-of.ts';
import type { Viewer } from './viewer.ts';

/** What an update takes as a rule. */
const LIKELY_BYTES = 9;
/** Movers that are looked at in one round, for all viewers: a fraction of a tick's time. Who is not reached comes first in the next. */
export const MAX_ROUND_LOOKS = 400_000;
/** What each viewer may look at in any case. */
export const MIN_LOOKS = 96;
/** Of whom a viewer sees more than it may look at, so many who are nearest are told of in each round, and the others in turn. */
export const NEAREST_FIRST = 48;
/** What they may take of the bytes, at most: the others are not left out for good. */
const NEAREST_PART = 0.8;
/** How often it is looked who they are. */
export const NEAREST_MS = 500;

/** What somebody who saves up spends meanwhile, of what comes in. */
const SPENT_WHILE_SAVING = 0.5;
const SECOND_MS = 1000;

/** What is left to tell: nothing, what some had no room or bytes for, or more than there were bytes or time for. */
export type Rest = 'none' | 'some' | 'too much';

/** Tells those who are not in step with the others, each what it lacks, as far as there are bytes and time for it. */
export class Apart {
  readonly #options: RoundOptions;
  #looks = 0;
  /** What all may look at in this round, and each of them. */
  #most = 0;
  #share = 0;
  /** Whose turn it is in the next round. */
  #first = 0;
  /** All that is seen from a cell, of those of which that was asked in this round. */
  readonly #seenFrom = new Map<number | null, Sight>();

  constructor(options: RoundOptions) {
    this.#options = options;
  }

  tell(apart: readonly (readonly [Viewer, Circle])[], news: News, part: number): Rest {
    this.#seenFrom.clear();
    this.#looks = 0;
    this.#most = MAX_ROUND_LOOKS * part;
    this.#share = Math.max(MIN_LOOKS, Math.floor(this.#most / Math.max(1, apart.length)));
    let rest: Rest = 'none';
    for (const [viewer, circle] of this.#inTurn(apart)) {
      const isReady = this.#options.isReady(viewer.session);
      if (isReady && this.#looks < MAX_ROUND_LOOKS) this.#tell(viewer, circle, news);
      else {
        // What it does not hear of now it is told of when its time has come.
        viewer.isBehind = true;
        viewer.hasMoved = true;
      }
      if (!viewer.isBehind) continue;
      if (isReady) rest = 'too much';
      else if (rest === 'none') rest = 'some';
    }
    return rest;
  }

  /** Those that were not reached in the last round, then the others. */
  *#inTurn<T>(all: readonly T[]): Iterable<T> {
    const first = this.#first % Math.max(1, all.length);
    this.#first = first;
    for (let at = 0; at < all.length; at++) {
      const next = all[(first + at) % all.length];
      if (next === undefined) continue;
      yield next;
      if (this.#looks < MAX_ROUND_LOOKS) this.#first = first + at + 1;
    }
  }

  #tell(viewer: Viewer, circle: Circle, news: News): void {
    const { movers, limits } = this.#options;
    const hidden = hide(viewer, unseenBy(viewer, viewer.hasMoved ? movers.all() : news.moved));
    viewer.hasMoved = false;
    const most = this.#bytesFor(viewer, circle, news) - HEAD_BYTES - sizeOf(hidden);
    const canKeepUp = circle.isWithin(limits.bytesPerSecond);
    const isLong = this.#sees(viewer) > this.#share && !(canKeepUp && this.#looks < this.#most);
    const updates = isLong ? this.#takeInTurn(viewer, most, news.nowMs) : this.#takeNew(viewer, most, news);
    this.#send(viewer, hidden.length === 0 ? updates : [...hidden, ...updates], news.nowMs);
  }

  /** What it may be told now. Who only waits until it can afford to be told how all stand saves up for that. */
  #bytesFor({ budget }: Viewer, circle: Circle, { sinceMs }: News): number {
    const { bytesPerSecond, byteBurst } = this.#options.limits;
    const most = Math.min(budget.left, MAX_POSE_DOWN_BYTES);
    const whole = circle.isWithin(bytesPerSecond) ? circle.whole(this.#options.movers.all()) : null;
    const isSaving = whole !== null && whole.length + HEAD_BYTES <= byteBurst;
    return isSaving ? Math.min(most, (SPENT_WHILE_SAVING * bytesPerSecond * sinceMs) / SECOND_MS) : most;
  }

  #takeNew(viewer: Viewer, most: number, news: News): Uint8Array[] {
    const seen = this.#see(viewer, news);
    // Who could not be told everything goes by what it is owed, or the last ones would be left out for good.
    const isEasy = !viewer.isBehind && seen.length * LIKELY_BYTES <= most;
    // Where not even those who are nearest can be told of, it goes by what all are owed.
    const areNearestFirst =
      !isEasy && seen.length > NEAREST_FIRST && NEAREST_FIRST * LIKELY_BYTES <= NEAREST_PART * most;
    const near = areNearestFirst ? this.#takeNearest(viewer, most, news.nowMs) : [];
    const others = isEasy ? seen : this.#sorted(viewer, seen, news);
    const updates = [...near, ...this.#take(viewer, others, most - sizeOf(near), news.nowMs)];
    viewer.isBehind = updates.length < seen.length;
    return updates;
  }

  /** How many movers are in its sight. */
  #sees({ cells }: Viewer): number {
    const { movers, ground } = this.#options;
    return cells === null ? movers.size : cells.reduce((sum, cell) => sum + ground.count(cell), 0);
  }

  /** First of those who are nearest, whenever there is something new, then of the others, from where it ended last. */
  #takeInTurn(viewer: Viewer, most: number, nowMs: number): Uint8Array[] {
    const all = this.#sightFrom(viewer).movers;
    const updates = this.#takeNearest(viewer, most, nowMs);
    let left = most - sizeOf(updates);
    for (let looks = viewer.nearest.length; looks < this.#share; looks++) {
      const mover = all[viewer.cursor % all.length];
      if (mover !== undefined && isNewTo(viewer, mover)) {
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

  /** Of those who are nearest, as far as there is something new. */
  #takeNearest(viewer: Viewer, most: number, nowMs: number): Uint8Array[] {
    if (nowMs - viewer.nearestAtMs >= NEAREST_MS) {
      viewer.nearest = viewer.nearestOf(this.#sightFrom(viewer), NEAREST_FIRST);
      viewer.nearestAtMs = nowMs;
    }
    const near = viewer.nearest.filter((mover) => !mover.isGone && isNewTo(viewer, mover));
    return this.#take(viewer, near, NEAREST_PART * most, nowMs);
  }

  #sightFrom({ cell, cells }: Viewer): Sight {
    const key = cell?.key ?? null;
    const known = this.#seenFrom.get(key);
    if (known !== undefined) return known;
    const { movers, ground } = this.#options;
    const sight = new Sight(
      cells === null ? [...movers.all()] : cells.flatMap((each) => [...ground.in(each)]),
    );
    this.#seenFrom.set(key, sight);
    return sight;
  }

  /** Of what there is something to tell it. */
  #see(viewer: Viewer, news: News): Mover[] {
    const { movers, ground } = this.#options;
    const { cells, isBehind, session } = viewer;
    const seen: Mover[] = [];
    const look = (there: Iterable<Mover>): void => {
      for (const mover of there) {
        this.#looks += 1;
        if (mover.version !== viewer.toldOf(mover) && mover.session !== session) seen.push(mover);
      }
    };
    if (!isBehind) look(news.in(cells));
    else if (cells === null) look(movers.all());
    else for (const cell of cells) look(ground.in(cell));
    return seen;
  }

  #sorted(viewer: Viewer, seen: readonly Mover[], { sinceMs }: News): Mover[] {
    const left = seen.filter((mover) => mover.version !== viewer.toldOf(mover));
    const owed = left.map((mover) => viewer.owe(mover, sinceMs));
    return Array.from(mostOwedFirst(owed), (at) => left[at]).filter((mover) => mover !== undefined);
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

  #send({ session, budget }: Viewer, updates: readonly Uint8Array[], nowMs: number): void {
    if (updates.length === 0) return;
    const message = encodePoses(poseTime(nowMs), updates);
    budget.spend(message.length);
    this.#options.send(session, message);
  }
}

function isNewTo(viewer: Viewer, mover: Mover): boolean {
  return mover.version !== viewer.toldOf(mover) && mover.session !== viewer.session && viewer.sees(mover);
}
