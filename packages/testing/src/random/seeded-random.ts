import type { RandomBytes } from '@weft/core';

const UINT32 = 2 ** 32;
const WARM_UP_ROUNDS = 12;

/**
 * The same numbers for the same seed, on every machine: sfc32 (Chris Doty-Humphrey, PractRand), seeded from the text
 * by FNV-1a. For tests and generators of workloads, never for secrets.
 */
export class SeededRandom {
  readonly seed: string;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: string | number) {
    this.seed = String(seed);
    this.#a = hash(`${this.seed}/a`);
    this.#b = hash(`${this.seed}/b`);
    this.#c = hash(`${this.seed}/c`);
    for (let round = 0; round < WARM_UP_ROUNDS; round += 1) this.uint32();
  }

  /** An independent stream: what one part of a test draws does not shift what another part gets. */
  fork(label: string): SeededRandom {
    return new SeededRandom(`${this.seed}/${label}`);
  }

  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** In [0, 1), 32 random bits. */
  float(): number {
    return this.uint32() / UINT32;
  }

  /** A whole number in [0, limit); `limit` from 1 to 2^32. */
  below(limit: number): number {
    return Math.floor(this.float() * limit);
  }

  /** A number in [low, high). */
  between(low: number, high: number): number {
    return low + this.float() * (high - low);
  }

  chance(probability: number): boolean {
    return this.float() < probability;
  }

  /** @throws RangeError on an empty list */
  pick<T>(items: readonly T[]): T {
    const [item] = items.slice(this.below(items.length));
    if (item === undefined) throw new RangeError('pick: the list is empty');
    return item;
  }

  /** A shuffled copy. */
  shuffle<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, rank: this.uint32() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ item }) => item);
  }

  /** The port that core takes; bound, so that it can be handed over as it is. */
  readonly bytes: RandomBytes = (length) => {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += 1) bytes[at] = this.uint32() >>> 24;
    return bytes;
  };
}

/** FNV-1a over UTF-16 code units, 32 bits. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  }
  return state | 0;
}
