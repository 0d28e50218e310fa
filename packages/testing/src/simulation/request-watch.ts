import type { HomeserverError } from '@weft/matrix';

/** Watches that a client asks no sooner than its homeserver said. */
export class RequestWatch {
  readonly #now: () => number;
  readonly #violated: (what: string) => void;
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  writes = 0;
  refusals = 0;

  constructor(now: () => number, violated: (what: string) => void) {
    this.#now = now;
    this.#violated = violated;
  }

  asked(what: string): void {
    if (!what.startsWith('write ')) return;
    this.writes += 1;
    const earlyMs = this.#notBeforeMs - this.#now();
    if (earlyMs > 1) this.#violated(`${what}: asked ${Math.ceil(earlyMs)} ms before the server allowed it`);
  }

  answered(what: string, error: HomeserverError | null): void {
    if (!what.startsWith('write ') || error?.code !== 'rate-limited') return;
    this.refusals += 1;
    this.#notBeforeMs = this.#now() + (error.retryAfterMs ?? 0);
  }

  /** A process that starts anew does not know what it was asked to wait for, nor does one whose clock was set. */
  forget(): void {
    this.#notBeforeMs = Number.NEGATIVE_INFINITY;
  }
}
