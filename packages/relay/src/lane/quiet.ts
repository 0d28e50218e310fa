import type { Stop, Timers } from '@weft/core';

/** Calls back once after each stretch of activity, when nothing happened for a while. */
export class Quiet {
  readonly #timers: Timers;
  readonly #afterMs: number;
  readonly #run: () => void;
  #lastMs = 0;
  #stop: Stop | null = null;

  constructor(options: { readonly timers: Timers; readonly afterMs: number; readonly run: () => void }) {
    this.#timers = options.timers;
    this.#afterMs = options.afterMs;
    this.#run = options.run;
  }

  /** Something happened. Costs nothing while the last stretch goes on. */
  disturb(): void {
    this.#lastMs = this.#timers.now();
    if (this.#stop === null) this.#watch(this.#afterMs);
  }

  close(): void {
    this.#stop?.();
    this.#stop = null;
  }

  #watch(delayMs: number): void {
    this.#stop = this.#timers.after(delayMs, () => {
      this.#stop = null;
      // A clock that is set back must not put it off for as long.
      const leftMs = Math.min(this.#afterMs, this.#lastMs + this.#afterMs - this.#timers.now());
      if (leftMs > 0) this.#watch(leftMs);
      else this.#run();
    });
  }
}
