import type { LaneLimits } from '@weft/protocol';

/** What of the relay's limits patches use: the rest is for clocks, events and the like. */
const SHARE = 0.75;
/** Below this the relay's own arithmetic decides, in milliseconds. */
const LEAST_WAIT_MS = 5;

/** Keeps a client within what its relay allows, so that it is never closed for being quick. */
export class Pace {
  readonly #now: () => number;
  readonly #frames: Bucket;
  readonly #bytes: Bucket;
  #atMs: number;

  constructor(
    limits: Pick<LaneLimits, 'framesPerSecond' | 'frameBurst' | 'bytesPerSecond' | 'patchBytes'>,
    now: () => number,
  ) {
    const { framesPerSecond, frameBurst, bytesPerSecond, patchBytes } = limits;
    this.#now = now;
    this.#atMs = now();
    this.#frames = new Bucket(framesPerSecond, Math.max(1, frameBurst * SHARE));
    // The largest patch has to fit, however little a relay allows.
    this.#bytes = new Bucket(bytesPerSecond, Math.max(bytesPerSecond * SHARE, patchBytes));
  }

  /** How long to wait until one frame of that size may go, in milliseconds; 0 for now. */
  waitMs(bytes: number): number {
    this.#refill();
    const waitMs = Math.max(this.#frames.waitMs(1), this.#bytes.waitMs(bytes));
    return waitMs === 0 ? 0 : Math.max(waitMs, LEAST_WAIT_MS);
  }

  /** One frame goes. */
  take(bytes: number): void {
    this.#frames.tokens -= 1;
    this.#bytes.tokens -= bytes;
  }

  #refill(): void {
    const nowMs = this.#now();
    // A clock that is set back gives nothing, and takes nothing away.
    const passedMs = Math.max(0, nowMs - this.#atMs);
    this.#atMs = nowMs;
    this.#frames.refill(passedMs);
    this.#bytes.refill(passedMs);
  }
}

class Bucket {
  tokens: number;
  readonly #perMs: number;
  readonly #burst: number;

  constructor(perSecond: number, burst: number) {
    this.#perMs = (perSecond * SHARE) / 1000;
    this.#burst = burst;
    this.tokens = burst;
  }

  refill(passedMs: number): void {
    this.tokens = Math.min(this.#burst, this.tokens + passedMs * this.#perMs);
  }

  waitMs(count: number): number {
    // No more can be there than the bucket holds.
    const missing = Math.min(count, this.#burst) - this.tokens;
    return missing <= 0 ? 0 : Math.ceil(missing / this.#perMs);
  }
}
