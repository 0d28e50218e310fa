import type { Stop, UserId } from '@weft/core';
import { HttpError } from '../server/http-reply.ts';
import type { ServiceLimits } from './service-limits.ts';

/** Counts the live queries of services. */
export class Streams {
  readonly #limits: Pick<ServiceLimits, 'streams' | 'streamsPerUser'>;
  readonly #counts = new Map<UserId, number>();
  #all = 0;

  constructor(limits: Pick<ServiceLimits, 'streams' | 'streamsPerUser'>) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#all;
  }

  /** Counts one more until the answer is called. @throws HttpError 429 `busy` */
  enter(user: UserId): Stop {
    const { streams, streamsPerUser } = this.#limits;
    const count = this.#counts.get(user) ?? 0;
    if (count >= streamsPerUser || this.#all >= streams)
      throw new HttpError(429, 'busy', `Too many live queries: ${count} of yours, ${this.#all} in all.`, {
        'retry-after': '10',
      });
    this.#all += 1;
    this.#counts.set(user, count + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#all -= 1;
      const left = (this.#counts.get(user) ?? 1) - 1;
      if (left > 0) this.#counts.set(user, left);
      else this.#counts.delete(user);
    };
  }
}
