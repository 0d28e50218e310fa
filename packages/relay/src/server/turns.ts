/** Tells the turns of the event loop apart: one lasts until what came in together was handled. */
export class Turns {
  #current = 0;
  #isOpen = false;
  #ends: (() => void)[] = [];

  /** The number of this turn, which is another one once a turn that was begun has ended. */
  get current(): number {
    return this.#current;
  }

  /** Sees to it that this turn ends; costs more than to ask for its number, and may be done after what is urgent. */
  begin(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    setImmediate(this.#end);
  }

  /** Runs something when this turn ends. */
  atEnd(run: () => void): void {
    this.#ends.push(run);
    this.begin();
  }

  readonly #end = (): void => {
    const ends = this.#ends;
    this.#ends = [];
    this.#isOpen = false;
    this.#current += 1;
    for (const run of ends) run();
  };
}
