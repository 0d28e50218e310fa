import type { ActorId } from '../ids.ts';
import { MAX_TIME_TICKS, parseTime, type Stamp, TICKS_PER_MS, type Time } from './stamp.ts';

/** How far ahead of the corrected clock a client may stamp its own edits. */
export const MAX_CLOCK_LEAD_MS = 60_000;

/** What is stamped further ahead than this is set aside by every replica, whatever brought it. */
export const QUARANTINE_LEAD_MS = 600_000;

// Room for the edits of a stalled millisecond above a peer that is itself at the limit.
const ISSUE_HEADROOM_MS = 1000;

/**
 * The latest time that replicas accept at this moment.
 *
 * @throws WeftError `limit` if the clock is before 1970 or not a number
 */
export function quarantineHorizon(nowMs: number): Time {
  return ticksAhead(nowMs, QUARANTINE_LEAD_MS);
}

/**
 * Issues the stamps of one running client: each later than the one before and later than all that was observed, as
 * far as that is not more than a minute ahead of the corrected clock.
 *
 * Should the corrected clock step back by more than a minute, the clock follows it: stamps then start again below
 * the old ones, which `Replica.restampAhead` brings back in line.
 */
export class HybridClock {
  readonly actor: ActorId;
  readonly #now: () => number;
  #issued = 0;
  #observed = 0;

  /** @param options.now milliseconds since 1970, corrected by the server's clock */
  constructor(options: { readonly now: () => number; readonly actor: ActorId }) {
    this.#now = options.now;
    this.actor = options.actor;
  }

  /** The latest time that this clock may issue now. */
  get limit(): Time {
    return ticksAhead(this.#now(), MAX_CLOCK_LEAD_MS);
  }

  /** The latest time that was issued or observed; `null` before the first. */
  get latest(): Time | null {
    const latest = Math.max(this.#issued, this.#observed);
    return latest === 0 ? null : parseTime(latest);
  }

  /** @throws WeftError `limit` if the machine's clock is before 1970 or after 2109 */
  issue(): Stamp {
    const limit = ticksAhead(this.#now(), MAX_CLOCK_LEAD_MS);
    const now = limit - MAX_CLOCK_LEAD_MS * TICKS_PER_MS;
    const afterObserved = Math.min(this.#observed + 1, limit - ISSUE_HEADROOM_MS * TICKS_PER_MS);
    const afterIssued = this.#issued < limit ? this.#issued + 1 : 0;
    this.#issued = Math.max(now, afterObserved, afterIssued);
    return { time: parseTime(this.#issued), actor: this.actor };
  }

  /** Later stamps will exceed this one, unless it is so far ahead that it belongs in the quarantine. */
  observe(time: Time): void {
    if (time > this.#observed && time <= quarantineHorizon(this.#now())) this.#observed = time;
  }
}

function ticksAhead(nowMs: number, leadMs: number): Time {
  return parseTime(Math.min((Math.floor(nowMs) + leadMs) * TICKS_PER_MS, MAX_TIME_TICKS));
}
