import type { ObjectId } from '../ids.ts';

/**
 * Ids from the least on, when not all are needed: making it costs one look at each, each id taken the logarithm.
 * Ids are ASCII, for which the default order is that of the bytes.
 */
export class IdHeap {
  readonly #ids: ObjectId[];

  /** Keeps the array and reorders it. */
  constructor(ids: ObjectId[]) {
    this.#ids = ids;
    for (let at = (ids.length >> 1) - 1; at >= 0; at--) this.#sink(at);
  }

  /** The least id; `undefined` when all were taken. */
  take(): ObjectId | undefined {
    const least = this.#ids[0];
    const last = this.#ids.pop();
    if (last !== undefined && this.#ids.length > 0) {
      this.#ids[0] = last;
      this.#sink(0);
    }
    return least;
  }

  #sink(from: number): void {
    const ids = this.#ids;
    const id = ids[from];
    if (id === undefined) return;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      let lower = ids[child];
      if (lower === undefined) break;
      const right = ids[child + 1];
      if (right !== undefined && right < lower) {
        lower = right;
        child += 1;
      }
      if (id <= lower) break;
      ids[at] = lower;
      at = child;
    }
    ids[at] = id;
  }
}
