import type { ChangeSet, Emitter, ObjectId, Replica, RoomState } from '@weft/core';
import type { Stop, Timers } from '../timers.ts';
import type { KeptRoom } from './kept-room.ts';
import type { RoomSessionEvents } from './session-events.ts';

export interface ReleaseTimerOptions {
  readonly replica: Pick<Replica, 'quarantineReleaseMs' | 'releaseQuarantine' | 'settle'>;
  readonly room: RoomState;
  readonly kept: Pick<KeptRoom, 'purged'>;
  readonly events: Pick<Emitter<RoomSessionEvents>, 'emit'>;
  readonly timers: Timers;
  /** The server's clock. */
  readonly serverNow: () => number;
  /** These objects are purged now. */
  readonly purged: (ids: Iterable<ObjectId>) => void;
  readonly released: (change: ChangeSet) => void;
}

/** A clock that is being set must not make the timer spin. */
const MIN_DELAY_MS = 100;
/** The longest delay that platforms' timers take. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Lets out of the quarantine what has come to its time. A purge that waited is a purge as any other from then on. */
export class ReleaseTimer {
  readonly #options: ReleaseTimerOptions;
  #stopTimer: Stop = () => {};
  #stopped = false;

  constructor(options: ReleaseTimerOptions) {
    this.#options = options;
  }

  /** Something may wait for its time, or the clock was corrected. */
  schedule(): void {
    const { replica, timers, serverNow } = this.#options;
    this.#stopTimer();
    const releaseMs = replica.quarantineReleaseMs;
    if (releaseMs === null || this.#stopped) return;
    const delayMs = Math.min(Math.max(releaseMs - serverNow(), MIN_DELAY_MS), MAX_DELAY_MS);
    this.#stopTimer = timers.after(delayMs, () => {
      this.#release();
      this.schedule();
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#stopTimer();
  }

  #release(): void {
    const { replica, room, kept, events, purged, released } = this.#options;
    const out = replica.releaseQuarantine();
    const settled = replica.settle(room);
    kept.purged(out.purged);
    purged(out.purged.keys());
    released(out.change);
    if (settled.length > 0) events.emit('settled', settled);
  }
}
