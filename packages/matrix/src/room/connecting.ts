import { type Backoff, backoffMs } from '@weft/core';
import { HomeserverError } from '../errors.ts';
import type { Stop, Timers } from '../timers.ts';

export interface ConnectingOptions {
  readonly timers: Timers;
  /** A fraction in [0, 1), for jitter. */
  readonly fraction: () => number;
  readonly connect: () => Promise<void>;
  /** An attempt failed that nobody waits for any more. */
  readonly failed: (error: HomeserverError) => void;
}

const RETRY: Backoff = { firstMs: 500, maxMs: 5000 };

/** Makes a first connection, however long the homeserver is away. */
export class Connecting {
  readonly #options: ConnectingOptions;
  #failures = 0;
  #stopTimer: Stop = () => {};
  #stopped = false;

  constructor(options: ConnectingOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the connection is made, when the homeserver cannot be reached, or after this time; goes on by itself
   * until it is made.
   *
   * @throws HomeserverError where the first attempt fails for a reason that waiting does not heal
   */
  async begin(patienceMs: number, signal: AbortSignal | undefined): Promise<void> {
    const { timers } = this.#options;
    const { promise: isOver, resolve } = Promise.withResolvers<'over'>();
    const cancel = timers.after(patienceMs, () => resolve('over'));
    const giveUp = (): void => resolve('over');
    signal?.addEventListener('abort', giveUp, { once: true });
    const attempt = this.#attempt();
    const first = await Promise.race([attempt, isOver]);
    cancel();
    signal?.removeEventListener('abort', giveUp);
    if (signal?.aborted === true) throw aborted();
    if (first === 'over') void attempt.then((error) => this.#next(error));
    else if (first !== null && !first.retry) throw first;
    else this.#next(first);
  }

  stop(): void {
    this.#stopped = true;
    this.#stopTimer();
  }

  #next(error: HomeserverError | null): void {
    if (error === null || this.#stopped) return;
    const { timers, fraction, failed } = this.#options;
    failed(error);
    if (!error.retry) return;
    this.#failures += 1;
    const delayMs = error.retryAfterMs ?? backoffMs(RETRY, this.#failures, fraction());
    this.#stopTimer = timers.after(delayMs, () => {
      void this.#attempt().then((again) => this.#next(again));
    });
  }

  async #attempt(): Promise<HomeserverError | null> {
    try {
      await this.#options.connect();
      return null;
    } catch (error) {
      if (error instanceof HomeserverError) return error;
      return new HomeserverError('server', { what: 'connect', got: String(error), cause: error });
    }
  }
}

function aborted(): HomeserverError {
  return new HomeserverError('aborted', { what: 'open the world', got: 'its caller gave up' });
}
