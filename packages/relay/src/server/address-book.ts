import type { Stop } from '@weft/core';

/** Counts connections by address, and lets in no more of one than it may have. */
export class AddressBook {
  readonly #most: number;
  readonly #counts = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Addresses that have a connection. */
  get size(): number {
    return this.#counts.size;
  }

  /** Counts one more connection until the answer is called; `null` where the address has all that it may. */
  enter(key: string): Stop | null {
    const count = this.#counts.get(key) ?? 0;
    if (count >= this.#most) return null;
    this.#counts.set(key, count + 1);
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      const left = (this.#counts.get(key) ?? 1) - 1;
      if (left > 0) this.#counts.set(key, left);
      else this.#counts.delete(key);
    };
  }
}
