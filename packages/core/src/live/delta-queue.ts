import { coalesce, isEmptyDelta, type LiveDelta } from './delta.ts';

/** Deltas that wait for a slow reader; what comes beyond is joined to the last one, so that nothing is lost. */
export const MAX_QUEUED_DELTAS = 64;

interface Waiting {
  readonly resolve: (result: IteratorResult<LiveDelta, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/** Deltas on their way to one `for await`. */
export class DeltaQueue implements AsyncIterableIterator<LiveDelta, undefined> {
  readonly #queued: LiveDelta[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #onEnd: (queue: DeltaQueue) => void;
  #hasEnded = false;
  #error: unknown = null;

  constructor(onEnd: (queue: DeltaQueue) => void) {
    this.#onEnd = onEnd;
  }

  push(delta: LiveDelta): void {
    if (this.#hasEnded) return;
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) {
      waiting.resolve({ done: false, value: delta });
      return;
    }
    const last = this.#queued.length < MAX_QUEUED_DELTAS ? undefined : this.#queued.pop();
    const next = last === undefined ? delta : coalesce(last, delta);
    if (!isEmptyDelta(next)) this.#queued.push(next);
  }

  /** What is queued is still read; then the loop ends, or throws the error. */
  end(error: unknown = null): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#error = error;
    for (const waiting of this.#waiting.splice(0)) this.#finish(waiting);
    this.#onEnd(this);
  }

  next(): Promise<IteratorResult<LiveDelta, undefined>> {
    const value = this.#queued.shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    return new Promise((resolve, reject) => {
      const waiting = { resolve, reject };
      if (this.#hasEnded) this.#finish(waiting);
      else this.#waiting.push(waiting);
    });
  }

  /** `break` in the loop. */
  return(): Promise<IteratorResult<LiveDelta, undefined>> {
    this.#queued.length = 0;
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** An error is told once. */
  #finish({ resolve, reject }: Waiting): void {
    const error = this.#error;
    this.#error = null;
    if (error === null) resolve({ done: true, value: undefined });
    else reject(error);
  }
}
