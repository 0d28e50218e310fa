import type { Stop, Timers } from '@weft/core';

/** How often a relay is asked for its clock, which also shows that it is there. */
export const PING_MS = 1_000;
/** How long nothing may be heard after such a question. */
export const SILENCE_MS = 2_500;
/** A program that was busy for so long has first to read what came meanwhile. */
export const GRACE_MS = 250;

export interface LivenessOptions {
  readonly timers: Timers;
  readonly ping: () => void;
  /** Told once; nothing runs afterwards. */
  readonly silent: () => void;
}

/**
 * Finds out that a connection is dead though nobody closed it: within `PING_MS + SILENCE_MS + GRACE_MS` of its last
 * sign of life, 3.75 s.
 */
export class Liveness {
  readonly #options: LivenessOptions;
  #stopPing: Stop | null = null;
  #stopCheck: Stop | null = null;

  constructor(options: LivenessOptions) {
    this.#options = options;
  }

  /** Asks for the first time. */
  start(): void {
    this.#ping();
  }

  /** Something came. */
  heard(): void {
    this.#stopCheck?.();
    this.#stopCheck = null;
  }

  stop(): void {
    this.#stopPing?.();
    this.#stopPing = null;
    this.heard();
  }

  #ping(): void {
    const { timers, ping } = this.#options;
    this.#stopCheck ??= timers.after(SILENCE_MS, () => {
      this.#stopCheck = timers.after(GRACE_MS, () => this.#end());
    });
    this.#stopPing = timers.after(PING_MS, () => this.#ping());
    ping();
  }

  #end(): void {
    this.stop();
    this.#options.silent();
  }
}
