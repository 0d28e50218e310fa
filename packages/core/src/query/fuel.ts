import { WeftError } from '../errors.ts';

/** What a query may still spend. JavaScript cannot be stopped from outside, so every step pays. */
export class Fuel {
  readonly max: number;
  /** What would make the query cheaper: the end of the error's sentence. */
  hint = 'Ask for a kind, name, tag, parent or place first, so that an index can be used.';
  #spent = 0;

  constructor(max: number) {
    this.max = max;
  }

  get spent(): number {
    return this.#spent;
  }

  /** @throws WeftError `limit` */
  spend(cost: number): void {
    this.#spent += cost;
    if (this.#spent <= this.max) return;
    throw new WeftError('limit', {
      what: 'run this query',
      expected: `a cost of at most ${this.max}`,
      got: 'more',
      hint: this.hint,
      by: 'you',
    });
  }

  /** A new budget, for the next step of a live query. */
  refill(): void {
    this.#spent = 0;
  }
}
