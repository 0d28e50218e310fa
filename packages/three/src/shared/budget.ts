/** Grants a bounded number of places in the order they were asked for, and passes freed ones on. */
export class Budget {
  readonly #most: number;
  readonly #claims = new Map<object, (granted: boolean) => void>();

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#claims.size;
  }

  /** Calls `decide` now, and again when a place comes free. @returns gives the place back */
  claim(decide: (granted: boolean) => void): () => void {
    const claim = {};
    this.#claims.set(claim, decide);
    decide(this.#claims.size <= this.#most);
    return () => {
      const place = [...this.#claims.keys()].indexOf(claim);
      if (place < 0) return;
      this.#claims.delete(claim);
      if (place < this.#most) [...this.#claims.values()][this.#most - 1]?.(true);
    };
  }
}
