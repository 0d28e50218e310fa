import type { Stop, Timers } from '@weft/core';

/** The timers of one process: none of them runs once it was killed. */
export class MortalTimers implements Timers {
  readonly #timers: Timers;
  #isDead = false;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  readonly now = (): number => this.#timers.now();

  after(delayMs: number, run: () => void): Stop {
    return this.#timers.after(delayMs, () => {
      if (!this.#isDead) run();
    });
  }

  kill(): void {
    this.#isDead = true;
  }
}
