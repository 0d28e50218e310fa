/** A total that many share: each takes some of it, or is told that too little is left. */
export class Quota {
  readonly #most: number;
  #used = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get used(): number {
    return this.#used;
  }

  /** @returns gives it back, or `null` where it would exceed the total */
  take(amount: number): (() => void) | null {
    if (this.#used + amount > this.#most) return null;
    this.#used += amount;
    let held = true;
    return () => {
      if (held) this.#used -= amount;
      held = false;
    };
  }
}
