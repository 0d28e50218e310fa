/** What a stock Synapse allows one user: state, chat, sticky and delayed events together. */
const STOCK_PER_SECOND = 0.2;
const STOCK_BURST = 10;
/** Without `retry_after_ms`: what a stock Synapse takes to allow the next event. */
export const DEFAULT_RETRY_AFTER_MS = 5000;
/** Guesses stop here; what a server was seen to allow does not. */
const MAX_GUESSED_PER_MS = 1;
/** An operator may change the limit: what was measured so long ago is measured again. */
const MEASURED_FOR_MS = 60 * 60_000;
/** After others spent from the same allowance: how fast the estimate returns to the rate that was measured. */
const RECOVERY = 1.1;
/** An estimate that was off by fewer tokens, or by what comes in so long, was right but for rounding. */
const ROUNDING_TOKENS = 0.1;
const ROUNDING_MS = 4;

/** A 429 that named its time: from then on exactly one more event is allowed. */
interface Mark {
  atMs: number;
  accepted: number;
}

/**
 * What the homeserver still allows this user, judged by its answers alone: a bucket of `burst` tokens that fills all the
 * time. A 429 with `retry_after_ms` tells the level exactly, and two of them tell the rate. Until the rate is known it
 * starts from the stock limit, and goes past it to find out.
 *
 * Pure: every moment is handed in, in milliseconds of one clock; where that is set back, all that was noted goes with it.
 */
export class RateLearner {
  #perMs = STOCK_PER_SECOND / 1000;
  #measuredPerMs = 0;
  #measuredAtMs = Number.NEGATIVE_INFINITY;
  #burst = STOCK_BURST;
  #isBurstKnown = false;
  /** Holds at `#atMs`. */
  #tokens = STOCK_BURST;
  #atMs = Number.NEGATIVE_INFINITY;
  /** Since the last mark the estimate ran full, so that the level is no more than a guess. */
  #ranFull = true;
  #mark: Mark | null = null;
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  #latestMs = Number.NEGATIVE_INFINITY;

  get burst(): number {
    return this.#burst;
  }

  get perSecond(): number {
    return this.#perMs * 1000;
  }

  /** Tokens that are believed to be there; none before the time that the server named. */
  available(nowMs: number): number {
    this.#follow(nowMs);
    return nowMs < this.#notBeforeMs ? 0 : Math.max(0, this.#levelAt(nowMs));
  }

  /**
   * When a request may be sent that leaves `reserve` tokens: never before the time that the server named. While the limit
   * is not known the reserve is not kept, or it would never be.
   */
  earliestMs(nowMs: number, reserve: number): number {
    this.#follow(nowMs);
    const fromMs = Math.max(nowMs, this.#notBeforeMs);
    const lacking = reserve + 1 - this.#levelAt(fromMs);
    if (lacking <= 0 || !this.#isCertain(fromMs)) return fromMs;
    // One millisecond more than reckoned, since the server's times are whole ones.
    return fromMs + Math.ceil(lacking / this.#perMs) + 1;
  }

  /** When the estimate will have reached so many tokens, as far as it can; never before the time that the server named. */
  atLevelMs(nowMs: number, tokens: number): number {
    this.#follow(nowMs);
    const fromMs = Math.max(nowMs, this.#notBeforeMs);
    const lacking = Math.min(tokens, this.#burst) - this.#levelAt(fromMs);
    return lacking <= 0 ? fromMs : fromMs + Math.ceil(lacking / this.#perMs);
  }

  /** The server took a request. Past the estimate, it allows more than was thought. */
  accepted(nowMs: number): void {
    this.#follow(nowMs);
    this.#moveTo(nowMs);
    if (this.#tokens < 1) {
      this.#burst += 1 - this.#tokens;
      this.#tokens = 1;
      this.#perMs = Math.max(this.#perMs, Math.min(this.#perMs * 2, MAX_GUESSED_PER_MS));
    }
    if (this.#perMs < this.#measuredPerMs)
      this.#perMs = Math.min(this.#perMs * RECOVERY, this.#measuredPerMs);
    this.#take(1);
  }

  /** The same user sent other events: a join, a message, a redaction. */
  spend(events: number, nowMs: number): void {
    this.#follow(nowMs);
    this.#moveTo(nowMs);
    this.#take(events);
  }

  /** The server refused a request for coming too soon. */
  refused(nowMs: number, retryAfterMs: number | null): void {
    this.#follow(nowMs);
    this.#moveTo(nowMs);
    const believed = this.#tokens;
    const atMs = nowMs + (retryAfterMs ?? DEFAULT_RETRY_AFTER_MS);
    if (retryAfterMs === null) this.#mark = null;
    else {
      const off = Math.abs(believed - 1 + retryAfterMs * this.#perMs);
      const isRounding = off < Math.max(ROUNDING_TOKENS, ROUNDING_MS * this.#perMs);
      this.#learnRate(nowMs, atMs, isRounding);
      // A token is never further away than one takes to come.
      if (retryAfterMs > 0) this.#perMs = Math.min(this.#perMs, 1 / retryAfterMs);
      if (this.#ranFull && this.#isMeasured(nowMs)) {
        this.#burst = Math.max(1, this.#burst - believed + 1 - retryAfterMs * this.#perMs);
        this.#isBurstKnown = true;
      }
      if (this.#ranFull || !isRounding) this.#mark = null;
      // The longer the time between two marks, the less does rounding matter.
      this.#mark ??= { atMs, accepted: 0 };
    }
    this.#notBeforeMs = atMs;
    this.#tokens = 1;
    this.#atMs = atMs;
    this.#ranFull = false;
  }

  #follow(nowMs: number): void {
    const backMs = Math.max(0, this.#latestMs - nowMs);
    this.#latestMs = nowMs;
    if (backMs === 0) return;
    this.#atMs -= backMs;
    this.#notBeforeMs -= backMs;
    this.#measuredAtMs -= backMs;
    if (this.#mark !== null) this.#mark.atMs -= backMs;
  }

  // Between two marks came as many tokens as were used, or more where the bucket ran over or others used some.
  #learnRate(nowMs: number, atMs: number, isRounding: boolean): void {
    const mark = this.#mark;
    if (mark === null || mark.accepted === 0 || atMs <= mark.atMs) return;
    const seen = mark.accepted / (atMs - mark.atMs);
    this.#perMs = this.#ranFull ? Math.max(this.#perMs, seen) : seen;
    if (this.#ranFull) return;
    const isLess = this.#isMeasured(nowMs) && !isRounding && seen < this.#measuredPerMs;
    if (!isLess) this.#measuredPerMs = seen;
    this.#measuredAtMs = nowMs;
  }

  #isMeasured(nowMs: number): boolean {
    return nowMs - this.#measuredAtMs < MEASURED_FOR_MS;
  }

  #isCertain(nowMs: number): boolean {
    return this.#isMeasured(nowMs) && (!this.#ranFull || this.#isBurstKnown);
  }

  #levelAt(nowMs: number): number {
    if (this.#atMs === Number.NEGATIVE_INFINITY) return this.#tokens;
    return Math.min(this.#burst, this.#tokens + (nowMs - this.#atMs) * this.#perMs);
  }

  #moveTo(nowMs: number): void {
    const level = this.#levelAt(nowMs);
    if (level >= this.#burst) this.#ranFull = true;
    this.#tokens = level;
    this.#atMs = nowMs;
  }

  #take(events: number): void {
    this.#tokens -= events;
    if (this.#mark !== null) this.#mark.accepted += events;
  }
}
