import type { Stop, Timers } from '@weft/matrix';

/** The clock and the timers of one process: its clock may be wrong, and all its timers go with it. */
export class ProcessTimers implements Timers {
  readonly #world: Timers;
  readonly #skewMs: () => number;
  readonly #stops = new Set<Stop>();
  #killed = false;

  /** @param skewMs this clock minus the true one */
  constructor(world: Timers, skewMs: () => number) {
    this.#world = world;
    this.#skewMs = skewMs;
  }

  readonly now = (): number => this.#world.now() + this.#skewMs();

  after(delayMs: number, run: () => void): Stop {
    if (this.#killed) return () => undefined;
    const cancel = this.#world.after(delayMs, () => {
      this.#stops.delete(stop);
      run();
    });
    const stop = (): void => {
      this.#stops.delete(stop);
      cancel();
    };
    this.#stops.add(stop);
    return stop;
  }

  /** Timers that are set and did not run. */
  get pending(): number {
    return this.#stops.size;
  }

  kill(): void {
    this.#killed = true;
    for (const stop of [...this.#stops]) stop();
  }
}
