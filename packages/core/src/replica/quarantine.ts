import type { Patch } from '../register/patch.ts';
import { QUARANTINE_LEAD_MS } from '../stamp/clock.ts';
import { TICKS_PER_MS, type Time } from '../stamp/stamp.ts';
import { type Ahead, compareAhead, patchOfAhead, splitAt } from './ahead.ts';

/** Registers and purges set aside at once; of more, those that wait the longest are dropped and must be read again. */
export const MAX_QUARANTINED = 16_384;

/**
 * Holds what is stamped ahead of the reader's clock until the clock arrives there. Several registers of one path wait
 * side by side, since each has its own time; the bound keeps the soonest, in whatever order they came.
 */
export class Quarantine {
  readonly #waiting: Ahead[] = [];
  #dropped = 0;

  get size(): number {
    return this.#waiting.length;
  }

  /** How many entries the bound has cost so far. */
  get dropped(): number {
    return this.#dropped;
  }

  /** When the corrected clock lets the first entry in, in milliseconds since 1970; `null` where nothing waits. */
  get nextReleaseMs(): number | null {
    const [soonest] = this.#waiting;
    return soonest === undefined ? null : Math.ceil(soonest.time / TICKS_PER_MS) - QUARANTINE_LEAD_MS;
  }

  /** What waits; of each property the latest. */
  toPatch(): Patch {
    return patchOfAhead(this.#waiting);
  }

  /** Sets aside what is later than the horizon and returns the rest. */
  admit(patch: Patch, horizon: Time): Patch {
    const { admitted, ahead } = splitAt(patch, horizon);
    for (const entry of ahead) this.#add(entry);
    return admitted;
  }

  /** Takes out what is no longer later than the horizon. */
  release(horizon: Time): Patch {
    const first = this.#waiting.findIndex(({ time }) => time > horizon);
    return patchOfAhead(this.#waiting.splice(0, first < 0 ? this.#waiting.length : first));
  }

  has(entry: Ahead): boolean {
    const held = this.#waiting[this.#placeOf(entry)];
    return held !== undefined && compareAhead(held, entry) === 0;
  }

  /** Forgets an entry, where it waits. */
  remove(entry: Ahead): void {
    if (this.has(entry)) this.#waiting.splice(this.#placeOf(entry), 1);
  }

  #add(entry: Ahead): void {
    const at = this.#placeOf(entry);
    const held = this.#waiting[at];
    if (held !== undefined && compareAhead(held, entry) === 0) return;
    this.#waiting.splice(at, 0, entry);
    if (this.#waiting.length <= MAX_QUARANTINED) return;
    this.#waiting.pop();
    this.#dropped += 1;
  }

  #placeOf(entry: Ahead): number {
    let from = 0;
    let to = this.#waiting.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const held = this.#waiting[middle];
      if (held !== undefined && compareAhead(held, entry) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
