/** Lets a bounded number of tasks run at once; the rest wait their turn in order. */
export class Gate {
  readonly #most: number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#most) await new Promise<void>((next) => this.#waiting.push(next));
    else this.#running += 1;
    try {
      return await task();
    } finally {
      // The place is handed on directly, so that a newcomer cannot slip in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
