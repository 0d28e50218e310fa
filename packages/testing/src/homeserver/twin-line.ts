import type { UserId } from '@weft/core';
import { HomeserverError, type RequestOptions } from '@weft/matrix';
import { type Fault, type Faults, failure, unreachable } from './faults.ts';
import type { TwinStore } from './twin-store.ts';

/** When a client gives up a request that is not answered. */
const REQUEST_TIMEOUT_MS = 30_000;
const LOST: Fault = { kind: 'lost' };

export interface TwinLineOptions {
  readonly server: TwinStore;
  readonly user: UserId;
  readonly faults: Faults;
  /** The client's clock, in milliseconds since 1970. */
  readonly clock: () => number;
}

/** The way from one client to the twin and back, with all that can go wrong on it. */
export class TwinLine {
  readonly #options: TwinLineOptions;
  #offsetMs: number;
  #abandoned = false;

  constructor(options: TwinLineOptions) {
    this.#options = options;
    this.#offsetMs = options.server.clockOffsetMs;
  }

  /** The server's clock minus the client's, as the last answer told. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** What is under way arrives, and nothing is answered any more. */
  abandon(): void {
    this.#abandoned = true;
  }

  /** An answer or a sync came in. */
  hear(): void {
    const { server, clock } = this.#options;
    this.#offsetMs = server.now() - Math.floor(clock());
  }

  async answer<T>(what: string, options: RequestOptions | undefined, run: () => T): Promise<T> {
    const { faults } = this.#options;
    faults.asked(what);
    try {
      const result = await this.#exchange(what, options?.signal, run);
      faults.answered(what, null);
      return result;
    } catch (error) {
      if (error instanceof HomeserverError) faults.answered(what, error);
      throw error;
    }
  }

  async #exchange<T>(what: string, signal: AbortSignal | undefined, run: () => T): Promise<T> {
    const { server, faults } = this.#options;
    await this.#pause(faults.delayMs(), signal);
    if (isAborted(signal)) throw aborted(what);
    const fault = server.down ? LOST : faults.take();
    const passes = fault === null || fault.kind === 'none' || fault.kind === 'answer-lost';
    const result = passes ? this.#carryOut(what, run) : failure(what, fault);
    // An answer that does not come back is lost to its client when the client has waited for long enough.
    const isMute = faults.mute;
    await this.#pause(isMute ? REQUEST_TIMEOUT_MS : faults.delayMs(), signal);
    if (isAborted(signal)) throw aborted(what);
    const isLost = isMute || fault?.kind === 'answer-lost' || faults.offline || server.down;
    if (isLost) throw unreachable(what);
    if (result instanceof HomeserverError) throw result;
    this.hear();
    return result();
  }

  // A refusal travels back like an answer does.
  #carryOut<T>(what: string, run: () => T): (() => T) | HomeserverError {
    this.#options.server.log.push(`${this.#options.user} ${what}`);
    try {
      const result = run();
      return () => result;
    } catch (error) {
      if (error instanceof HomeserverError) return error;
      throw error;
    }
  }

  #pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#abandoned) return new Promise(() => undefined);
    if (delayMs <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.#options.server.timers.after(delayMs, () => {
        if (!this.#abandoned) resolve();
      });
      signal?.addEventListener('abort', () => {
        stop();
        resolve();
      });
    });
  }
}

function aborted(what: string): HomeserverError {
  return new HomeserverError('aborted', { what, got: 'it was cancelled' });
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
