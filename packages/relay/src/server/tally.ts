/**
 * Counts by a word, in plain numbers: a counter of the registry looks at its labels each time, which costs more than what is
 * counted thousands of times a second. The registry is told when somebody reads it.
 */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(word: string, count = 1): void {
    this.#counts.set(word, (this.#counts.get(word) ?? 0) + count);
  }

  /** Tells what was counted since it was told last. */
  drain(tell: (word: string, count: number) => void): void {
    for (const [word, count] of this.#counts) tell(word, count);
    this.#counts.clear();
  }
}
