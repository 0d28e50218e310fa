import type { Stop, Timers } from '@weft/core';
import { AssetError } from '../asset-error.ts';

/** A signal that ends with another one, or when the time is up; and which of both it was. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #timers: Timers;
  readonly #ms: number;
  readonly #stopTimer: Stop;
  readonly #unhear: Stop;
  #isLate = false;

  constructor(timers: Timers, ms: number, outer: AbortSignal) {
    this.#outer = outer;
    this.#timers = timers;
    this.#ms = ms;
    this.#stopTimer = timers.after(ms, () => {
      this.#isLate = true;
      this.#controller.abort();
    });
    const abort = (): void => this.#controller.abort(outer.reason);
    outer.addEventListener('abort', abort, { once: true });
    if (outer.aborted) abort();
    this.#unhear = () => outer.removeEventListener('abort', abort);
  }

  /** There is no hurry any more. */
  extend(): void {
    this.#stopTimer();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What a promise gives, unless the time is up before: not everybody listens to a signal. */
  orEnd<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const { signal } = this;
      const end = (): void => reject(signal.reason);
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();
      promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
    });
  }

  /** @throws the reason of the signal, where it ends before */
  wait(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const { signal } = this;
      const end = (): void => {
        stopTimer();
        reject(signal.reason);
      };
      const stopTimer = this.#timers.after(ms, () => {
        signal.removeEventListener('abort', end);
        resolve();
      });
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    });
  }

  /** The named error for whatever was thrown while it ran. */
  errorOf(error: unknown, what: string): AssetError {
    const isOwn = error instanceof AssetError && error.code !== 'aborted';
    if (isOwn) return error;
    if (this.#outer.aborted) return abortedError(this.#outer, what);
    if (this.#isLate)
      return new AssetError('timed-out', {
        what,
        expected: `an answer within ${this.#ms} ms`,
        got: 'none',
        hint: 'Try again, or ask somebody who is nearer.',
        cause: error,
      });
    return new AssetError('unreachable', {
      what,
      expected: 'an answer',
      got: error instanceof Error ? error.message : String(error),
      hint: 'Look whether the address is right, and whether this device is online.',
      cause: error,
    });
  }

  stop(): void {
    this.#stopTimer();
    this.#unhear();
    // What still runs ends with it.
    this.#controller.abort();
  }
}

/** The reason of a signal, as the error that it is told by. */
export function abortedError({ reason }: AbortSignal, what: string): AssetError {
  if (reason instanceof AssetError) return reason;
  return new AssetError('aborted', {
    what,
    expected: 'to go on',
    got: 'that it was broken off',
    hint: 'Ask again where it is wanted after all.',
    cause: reason,
  });
}
