import type { Stop, Timers } from '@weft/core';

/** How long no relay may be live until edits go among peers, where there is one: most are back by then. */
export const UNRELAYED_MS = 5_000;

export interface RelayWatchOptions {
  readonly timers: Timers;
  readonly relayed: () => void;
  readonly unrelayed: () => void;
}

/** How it is with relays: `away` where there may be one, `unknown` where nobody could say. */
export type RelaySight = 'live' | 'away' | 'none' | 'unknown';

/** Tells when a relay is live, and when it is worth going on without: at once where there is none, else after a while. */
export class RelayWatch {
  readonly #options: RelayWatchOptions;
  #stopTimer: Stop | null = null;
  #isLate = false;

  constructor(options: RelayWatchOptions) {
    this.#options = options;
  }

  see(sight: RelaySight): void {
    const { timers, relayed, unrelayed } = this.#options;
    if (sight === 'live' || sight === 'unknown') {
      this.stop();
      if (sight === 'live') relayed();
      return;
    }
    if (sight === 'none' || this.#isLate) {
      unrelayed();
      return;
    }
    this.#stopTimer ??= timers.after(UNRELAYED_MS, () => {
      this.#stopTimer = null;
      this.#isLate = true;
      unrelayed();
    });
  }

  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
    this.#isLate = false;
  }
}
