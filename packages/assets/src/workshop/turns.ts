/** Ends one's turn: whoever waits longest has the next. */
export type EndTurn = () => void;

interface Waiting {
  readonly begin: () => void;
  readonly onPlace: (place: number) => void;
}

/** Lets so many be at it at once. Who comes later waits, in the order of coming. */
export class Turns {
  readonly #atOnce: number;
  readonly #waiting: Waiting[] = [];
  #busy = 0;

  /** @param atOnce at least 1 */
  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /**
   * Resolves when it is one's turn.
   *
   * @param onPlace told, where one has to wait, as which of those who wait one comes: 1 is the next
   * @throws the reason of the signal, which ends waiting at once
   */
  async take(signal: AbortSignal, onPlace: (place: number) => void = () => undefined): Promise<EndTurn> {
    signal.throwIfAborted();
    if (this.#busy < this.#atOnce) this.#busy += 1;
    else await this.#wait(signal, onPlace);
    let isOver = false;
    const end = (): void => {
      if (!isOver) this.#next();
      isOver = true;
    };
    if (!signal.aborted) return end;
    // Given up in the moment in which its turn came.
    end();
    throw signal.reason;
  }

  async #wait(signal: AbortSignal, onPlace: (place: number) => void): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting: Waiting = { begin: resolve, onPlace };
    const leave = (): void => {
      const at = this.#waiting.indexOf(waiting);
      if (at < 0) return;
      this.#waiting.splice(at, 1);
      this.#tell(at);
      reject(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    this.#waiting.push(waiting);
    onPlace(this.#waiting.length);
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /** A turn goes from one to the next, so that nobody comes in between. */
  #next(): void {
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#busy -= 1;
      return;
    }
    next.begin();
    this.#tell(0);
  }

  /** Those who moved up hear of it. */
  #tell(from: number): void {
    for (const [at, { onPlace }] of this.#waiting.entries()) if (at >= from) onPlace(at + 1);
  }
}
