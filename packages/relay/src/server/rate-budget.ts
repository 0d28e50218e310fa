export interface RateBudgetOptions {
  /** What is earned in a second. */
  readonly perSecond: number;
  /** What can be saved up, and what can be owed. */
  readonly burst: number;
  readonly now: () => number;
}

const SECOND_MS = 1000;

/** A budget that refills by time. Spending beyond it makes debts, which the spender waits off. */
export class RateBudget {
  readonly #options: RateBudgetOptions;
  #left: number;
  #countedMs: number;

  constructor(options: RateBudgetOptions) {
    this.#options = options;
    this.#left = options.burst;
    this.#countedMs = options.now();
  }

  spend(amount: number): void {
    this.#refill();
    this.#left -= amount;
  }

  /** What can be spent without owing anything; negative where something is owed. */
  get left(): number {
    this.#refill();
    return this.#left;
  }

  /** How long until nothing is owed any more, in milliseconds; 0 where nothing is. */
  owedMs(): number {
    // What was not owed then is not owed now.
    if (this.#left >= 0) return 0;
    this.#refill();
    return this.#left >= 0 ? 0 : Math.ceil((-this.#left * SECOND_MS) / this.#options.perSecond);
  }

  /** Whether more is owed than can be: nobody who reads and waits comes here. */
  get isBroken(): boolean {
    return this.#left < -this.#options.burst;
  }

  #refill(): void {
    const { perSecond, burst, now } = this.#options;
    const nowMs = now();
    // A clock that was set back earns nothing and takes nothing.
    const earned = (Math.max(0, nowMs - this.#countedMs) * perSecond) / SECOND_MS;
    this.#countedMs = nowMs;
    this.#left = Math.min(burst, this.#left + earned);
  }
}
