/** All systems carry a metre to this at least; a walk is ten times as far from one pose to the next. */
const SAME_METRES = 1 / 256;

/** What one mover sent, in order, so that what others are told can be found in it. */
export class SentPoses {
  readonly #xs: number[] = [];
  readonly #zs: number[] = [];
  readonly #sentMs: number[] = [];

  get count(): number {
    return this.#sentMs.length;
  }

  add(x: number, z: number, sentMs: number): void {
    this.#xs.push(x);
    this.#zs.push(z);
    this.#sentMs.push(sentMs);
  }

  sentMs(at: number): number {
    return this.#sentMs[at] ?? Number.NaN;
  }

  /** The place of the newest that stood there, after that place; -1 where there is none. */
  find(x: number, z: number, after: number): number {
    for (let at = this.count - 1; at > after; at--)
      if (isNear(this.#xs[at], x) && isNear(this.#zs[at], z)) return at;
    return -1;
  }
}

function isNear(sent: number | undefined, told: number): boolean {
  return sent !== undefined && Math.abs(sent - told) < SAME_METRES;
}
