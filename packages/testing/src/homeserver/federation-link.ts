import type { Stop, Timers } from '@weft/matrix';
import type { SeededRandom } from '../random/seeded-random.ts';

/** How a link between two servers behaves while it is not cut. */
export interface LinkQuality {
  /** How long a transaction takes, from and to, in milliseconds. */
  readonly delayMs: readonly [number, number];
  /** The share of transactions that get lost and are sent again, ... */
  readonly loss: number;
  /** ... that arrive twice, ... */
  readonly duplication: number;
  /** ... and whose events arrive in another order. */
  readonly reordering: number;
}

export interface FederationLinkOptions {
  readonly from: string;
  readonly to: string;
  readonly timers: Timers;
  readonly random: SeededRandom;
}

/** Hands something over at the other end; whether it arrived. */
export type Parcel = () => boolean;

const GOOD: LinkQuality = { delayMs: [5, 20], loss: 0, duplication: 0, reordering: 0 };
/** What a transaction of the federation API holds. */
const MAX_PARCELS = 50;
const FIRST_RETRY_MS = 500;
/** As with `max_long_retry_delay: 2s`. */
const MAX_RETRY_MS = 2000;

/** One server's queue for another: one transaction at a time, tried until it arrives. */
export class FederationLink {
  readonly from: string;
  readonly to: string;
  quality: LinkQuality = GOOD;
  readonly #options: FederationLinkOptions;
  readonly #queue: Parcel[] = [];
  #cut = false;
  #failures = 0;
  #stopTimer: Stop | null = null;

  constructor(options: FederationLinkOptions) {
    this.from = options.from;
    this.to = options.to;
    this.#options = options;
  }

  get isCut(): boolean {
    return this.#cut;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  push(parcel: Parcel): void {
    this.#queue.push(parcel);
    this.#schedule();
  }

  /** Nothing arrives any more, and nothing is tried. */
  cut(): void {
    this.#cut = true;
    this.#stopTimer?.();
    this.#stopTimer = null;
  }

  mend(): void {
    if (!this.#cut) return;
    this.#cut = false;
    this.#failures = 1;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#cut || this.#stopTimer !== null || this.#queue.length === 0) return;
    const { timers, random } = this.#options;
    const [low, high] = this.quality.delayMs;
    const waitMs =
      this.#failures === 0 ? 0 : Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), MAX_RETRY_MS);
    this.#stopTimer = timers.after(random.between(low, high) + waitMs, () => {
      this.#stopTimer = null;
      this.#transmit();
      this.#schedule();
    });
  }

  #transmit(): void {
    const { random } = this.#options;
    const { loss, duplication, reordering } = this.quality;
    if (random.chance(loss)) {
      this.#failures += 1;
      return;
    }
    const sent = this.#queue.slice(0, MAX_PARCELS);
    const parcels = random.chance(reordering) ? random.shuffle(sent) : sent;
    if (!parcels.every((parcel) => parcel())) {
      this.#failures += 1;
      return;
    }
    this.#failures = 0;
    // The sender did not hear that it arrived, and sends it once more.
    if (!random.chance(duplication)) this.#queue.splice(0, sent.length);
  }
}
