/** Tells the turns of the event loop apart: one lasts until what came in together was handled. */
export class Turns {
  #current = 0;
  #isOpen = false;
  #ends: (() => void)[] = [];

  /** The number of this turn; asked for in two turns, it is another one. */
  get current(): number {
    if (!this.#isOpen) {
      this.#isOpen = true;
      setImmediate(this.#end);
    }
    return this.#current;
  }

  /** Runs something when this turn ends. */
  atEnd(run: () => void): void {
    this.#ends.push(run);
  }

  readonly #end = (): void => {
    const ends = this.#ends;
    this.#ends = [];
    this.#isOpen = false;
    this.#current += 1;
    for (const run of ends) run();
  };
}
