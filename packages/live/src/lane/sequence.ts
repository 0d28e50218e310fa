/**
 * Which numbers of a run have come. The own patches of a client are missing among those it is sent: their numbers come
 * with their acknowledgements, which may be later than what was sent after them.
 */
export class Sequence {
  #through: number;
  /** What came beyond the first that is missing. */
  readonly #beyond = new Set<number>();
  #latest: number;

  /** @param through all up to this has come */
  constructor(through: number) {
    this.#through = through;
    this.#latest = through;
  }

  /** All up to this has come. */
  get through(): number {
    return this.#through;
  }

  /** How many are missing among those that are known to be. */
  get missing(): number {
    return this.#latest - this.#through - this.#beyond.size;
  }

  /** @returns whether it is new */
  add(seq: number): boolean {
    if (seq <= this.#through || this.#beyond.has(seq)) return false;
    this.#latest = Math.max(this.#latest, seq);
    if (seq > this.#through + 1) {
      this.#beyond.add(seq);
      return true;
    }
    this.#through = seq;
    while (this.#beyond.delete(this.#through + 1)) this.#through += 1;
    return true;
  }
}
