import { errorOfAnswer } from '@weft/matrix';

export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** What a stock Synapse allows one user, state included. */
export const STOCK_RATE_LIMIT: RateLimit = { perSecond: 0.2, burst: 10 };
export const NO_RATE_LIMIT: RateLimit = { perSecond: 1e9, burst: 1e9 };

/** Synapse's limiter: a bucket that leaks all the time. */
export class TokenBucket {
  readonly #limit: RateLimit;
  #level = 0;
  #atMs = Number.NEGATIVE_INFINITY;

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  take(what: string, nowMs: number): void {
    const { perSecond, burst } = this.#limit;
    const leaked = this.#atMs === Number.NEGATIVE_INFINITY ? 0 : ((nowMs - this.#atMs) / 1000) * perSecond;
    this.#level = Math.max(0, this.#level - leaked);
    this.#atMs = nowMs;
    if (this.#level + 1 > burst + 1e-9) {
      const retryAfterMs = Math.ceil(((this.#level + 1 - burst) / perSecond) * 1000);
      throw errorOfAnswer(what, {
        status: 429,
        errcode: 'M_LIMIT_EXCEEDED',
        message: 'Too Many Requests',
        retryAfterMs,
      });
    }
    this.#level += 1;
  }
}
