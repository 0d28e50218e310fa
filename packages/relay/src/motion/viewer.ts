import { POSE_UNITS_PER_METRE, type Session } from '@weft/protocol';
import { RateBudget } from '../server/rate-budget.ts';
import { Cell, seesFrom } from './cell.ts';
import type { MotionLimits } from './motion-limits.ts';
import type { Mover } from './mover.ts';
import { nearestOf, type Place, type Sight } from './nearest-of.ts';
import type { News } from './news.ts';

/** Who is so far from a mover is told of it half as often as who is beside it, where not all can be told. */
export const NEAR_METRES = 8;

const NEAR_UNITS = NEAR_METRES * POSE_UNITS_PER_METRE;
const FIRST_SLOTS = 64;

/** One who is told of poses: what it was told last, what it is owed, from where it looks, and how much it may be told. */
export class Viewer {
  readonly session: Session;
  readonly budget: RateBudget;
  /** There may be more to tell than what is new. */
  isBehind = true;
  /** It looks from another cell than when it was told last. */
  hasMoved = false;
  /**
   * From where it looks while it is in step: it was told of everything up to the round before, as all others are who look
   * from there, so that nothing is written down of what it was told. `undefined` while it is told on its own.
   */
  #step: Cell | null | undefined;
  /** Where it is in the round of all that it sees, where it cannot be told all at once. */
  cursor = 0;
  /** Who was nearest when that was looked at last, and when that was. */
  nearest: readonly Mover[] = [];
  nearestAtMs = Number.NEGATIVE_INFINITY;
  /** The cell from which it looks; `null` for everywhere. */
  #cell: Cell | null = null;
  #cells: readonly number[] | null = null;
  #place: Place | null = null;
  #isFixed = false;
  /** By slot of a mover: which of its poses was told last, 0 for none. */
  #told = new Uint32Array(FIRST_SLOTS);
  /** The same: how long it was left out, near ones counting more. */
  #owed = new Float32Array(FIRST_SLOTS);

  constructor(session: Session, limits: MotionLimits, now: () => number) {
    this.session = session;
    this.budget = new RateBudget({ perSecond: limits.bytesPerSecond, burst: limits.byteBurst, now });
  }

  /** Looks from a place that it named, in steps of a pose; `null` for its avatar's. */
  look(place: Place | null): void {
    this.#isFixed = place !== null;
    if (place !== null) this.#moveTo(place);
    else {
      this.#place = null;
      this.#cell = null;
      this.#cells = null;
      this.isBehind = true;
    }
  }

  /** Its avatar stands there. */
  follow(place: Place): void {
    if (!this.#isFixed) this.#moveTo(place);
  }

  /** It has no avatar any more. */
  unfollow(): void {
    if (!this.#isFixed) this.look(null);
  }

  /** The cell from which it looks; `null` for everywhere. */
  get cell(): Cell | null {
    return this.#cell;
  }

  get isInStep(): boolean {
    return this.#step !== undefined;
  }

  /** It was told how all stand: from now on it is told what all are who look from where it does. */
  fallIn(): void {
    this.#step = this.#cell;
    this.isBehind = false;
    this.hasMoved = false;
  }

  /** It is not told what the others are in this round: from now on it counts what it was told itself. Costs as much as there are movers. */
  fallOut(movers: Iterable<Mover>, news: News): void {
    const from = this.#step;
    if (from === undefined) return;
    this.#step = undefined;
    this.isBehind = true;
    this.#told.fill(0);
    this.#owed.fill(0);
    for (const mover of movers)
      if (mover.session !== this.session && seesFrom(from, news.cellBefore(mover)))
        this.tell(mover, news.versionBefore(mover));
  }

  /** The cells that it sees; `null` for all of them. */
  get cells(): readonly number[] | null {
    return this.#cells;
  }

  sees({ cell }: Mover): boolean {
    return seesFrom(this.#cell, cell);
  }

  toldOf({ slot }: Mover): number {
    return this.#told[slot] ?? 0;
  }

  /** It was told of a pose of this mover; 0 for out of sight, or gone. */
  tell({ slot }: Mover, version: number): void {
    if (slot >= this.#told.length) this.#grow(slot);
    this.#told[slot] = version;
    this.#owed[slot] = 0;
  }

  /** What it is owed of this mover, after having waited for so long. Grows until it is told. */
  owe({ slot, pose }: Mover, waitedMs: number): number {
    if (slot >= this.#owed.length) this.#grow(slot);
    const owed = (this.#owed[slot] ?? 0) + waitedMs * this.#nearness(pose?.numbers);
    this.#owed[slot] = owed;
    return owed;
  }

  /** So many of them who are nearest; the first, where it looks from nowhere. */
  nearestOf(sight: Sight, count: number): readonly Mover[] {
    return this.#place === null ? sight.movers.slice(0, count) : nearestOf(this.#place, sight, count);
  }

  /** From 1, at this place, towards 0. */
  #nearness(numbers: Int32Array | undefined): number {
    if (this.#place === null || numbers === undefined) return 1;
    const { x, y, z } = this.#place;
    const [dx, dy, dz] = [(numbers[0] ?? 0) - x, (numbers[1] ?? 0) - y, (numbers[2] ?? 0) - z];
    return 1 / (1 + (dx * dx + dy * dy + dz * dz) / (NEAR_UNITS * NEAR_UNITS));
  }

  #moveTo(place: Place): void {
    this.#place = place;
    const cell = this.#cell?.followedTo(place.x, place.z) ?? new Cell(place.x, place.z);
    if (cell === this.#cell) return;
    this.#cell = cell;
    this.#cells = cell.keysAround();
    this.isBehind = true;
    this.hasMoved = true;
  }

  #grow(slot: number): void {
    const length = Math.max(slot + 1, 2 * this.#told.length);
    const [told, owed] = [this.#told, this.#owed];
    this.#told = new Uint32Array(length);
    this.#told.set(told);
    this.#owed = new Float32Array(length);
    this.#owed.set(owed);
  }
}
