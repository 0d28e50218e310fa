import type { Timers } from '@weft/core';
import type { LaneDigest } from '../channel.ts';

/** How long a relay may take to say what it holds. */
export const DIGEST_MS = 2_000;

/** Those who asked what the relay holds of the room, and were not answered yet. */
export class Digests {
  readonly #timers: Timers;
  readonly #asking = new Set<(digest: LaneDigest | null) => void>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** @param send asks the relay; `false` where none is live */
  ask(send: () => boolean): Promise<LaneDigest | null> {
    return new Promise((resolve) => {
      const answer = (digest: LaneDigest | null): void => {
        stop();
        this.#asking.delete(answer);
        resolve(digest);
      };
      const stop = this.#timers.after(DIGEST_MS, () => answer(null));
      this.#asking.add(answer);
      if (!send()) answer(null);
    });
  }

  /** @param digest what the relay says; `null` where it will say nothing */
  answer(digest: LaneDigest | null): void {
    for (const answer of [...this.#asking]) answer(digest);
  }
}
