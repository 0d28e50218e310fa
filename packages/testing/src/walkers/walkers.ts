import type { Account } from '@weft/cli/stack';
import type { RelayTransport } from '@weft/protocol';
import { Stroll } from './stroll.ts';
import { Walker } from './walker.ts';

/** Lanes of one user that a relay takes, by its default limits. */
export const WALKERS_OF_ONE = 8;
const STEP_MS = 50;
/** Tickets that are asked for at one time. */
const AT_ONCE = 10;

export interface WalkersOptions {
  readonly accounts: readonly Account[];
  readonly room: string;
  readonly relay: RelayTransport;
  /** How many; a user has eight at most. */
  readonly count: number;
}

/** Many who walk round the middle of a world, each on a lane of its own through a real relay. */
export class Walkers {
  readonly #walkers: { readonly walker: Walker; readonly stroll: Stroll }[] = [];
  readonly #timer: ReturnType<typeof setInterval>;
  #lastMs = performance.now();

  private constructor() {
    this.#timer = setInterval(() => this.#step(), STEP_MS);
  }

  /** @throws RangeError for more than the accounts may have */
  static async open({ accounts, room, relay, count }: WalkersOptions): Promise<Walkers> {
    if (count > accounts.length * WALKERS_OF_ONE)
      throw new RangeError(`${count} walkers of ${accounts.length} users: expected at most 8 of each`);
    const walkers = new Walkers();
    for (let from = 0; from < count; from += AT_ONCE)
      await Promise.all(
        Array.from({ length: Math.min(AT_ONCE, count - from) }, async (_, at) => {
          const account = accounts[(from + at) % accounts.length];
          if (account !== undefined) walkers.#add(await Walker.open(account, room, relay), from + at);
        }),
      );
    return walkers;
  }

  /** Those whose avatar a relay shows. */
  get shown(): number {
    return this.#walkers.filter(({ walker }) => walker.isShown).length;
  }

  /** The least that any of them sees of the others. */
  get leastSeen(): number {
    return Math.min(...this.#walkers.map(({ walker }) => walker.others));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#walkers.map(({ walker }) => walker.close()));
  }

  #add(walker: Walker, number: number): void {
    this.#walkers.push({ walker, stroll: new Stroll(number) });
  }

  #step(): void {
    const nowMs = performance.now();
    const seconds = (nowMs - this.#lastMs) / 1000;
    this.#lastMs = nowMs;
    for (const { walker, stroll } of this.#walkers) walker.stand(stroll.step(seconds));
  }
}
