import type { ChangeSet, ObjectId, Replica, Time } from '@weft/core';
import type { Stop, Timers } from '../timers.ts';

export interface ReleaseTimerOptions {
  readonly replica: Pick<Replica, 'quarantineReleaseMs' | 'releaseQuarantine' | 'purgeOf'>;
  readonly timers: Timers;
  /** The server's clock. */
  readonly serverNow: () => number;
  /** @param purged objects that changed and were purged, be it before */
  readonly released: (change: ChangeSet, purged: ReadonlyMap<ObjectId, Time>) => void;
}

/** A clock that is being set must not make the timer spin. */
const MIN_DELAY_MS = 100;
/** The longest delay that platforms' timers take. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Lets out of the quarantine what has come to its time. */
export class ReleaseTimer {
  readonly #options: ReleaseTimerOptions;
  #stopTimer: Stop = () => {};
  #stopped = false;

  constructor(options: ReleaseTimerOptions) {
    this.#options = options;
  }

  /** Something may wait for its time, or the clock was corrected. */
  schedule(): void {
    const { replica, timers, serverNow, released } = this.#options;
    this.#stopTimer();
    const releaseMs = replica.quarantineReleaseMs;
    if (releaseMs === null || this.#stopped) return;
    const delayMs = Math.min(Math.max(releaseMs - serverNow(), MIN_DELAY_MS), MAX_DELAY_MS);
    this.#stopTimer = timers.after(delayMs, () => {
      const change = replica.releaseQuarantine();
      released(change, purgedIn(change, replica));
      this.schedule();
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#stopTimer();
  }
}

function purgedIn(
  { removed, changed }: ChangeSet,
  replica: Pick<Replica, 'purgeOf'>,
): ReadonlyMap<ObjectId, Time> {
  const purged = new Map<ObjectId, Time>();
  for (const id of [...removed, ...changed.keys()]) {
    const purge = replica.purgeOf(id);
    if (purge !== null) purged.set(id, purge);
  }
  return purged;
}
