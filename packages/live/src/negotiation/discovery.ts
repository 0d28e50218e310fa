import { fraction, type RandomBytes, type Stop, sameRecords, type Timers, unreachable } from '@weft/core';
import type { RelayTransport } from '@weft/protocol';
import type { Signalling } from '../signalling.ts';
import { DISCOVERY_TABLE, type DiscoveryHappening, type DiscoveryState } from './discovery-table.ts';
import type { Pause } from './outcome.ts';
import { DISCOVERY_DEADLINE, deadlineMs, pauseMs } from './pacing.ts';

export interface DiscoveryOptions {
  readonly signalling: Pick<Signalling, 'candidates'>;
  readonly timers: Timers;
  readonly random: RandomBytes;
  /** Its state, or what it knows, is another. */
  readonly changed: () => void;
}

/** Finds the relays of a world, and looks again now and then. What it knew it keeps while it cannot find out. */
export class Discovery {
  readonly #options: DiscoveryOptions;
  #state: DiscoveryState = 'idle';
  #candidates: readonly RelayTransport[] = [];
  #failures = 0;
  /** Looks in a row that found the same. */
  #looks = 0;
  #reason = '';
  #retryAtMs: number | null = null;
  #stopTimer: Stop | null = null;
  #request: AbortController | null = null;

  constructor(options: DiscoveryOptions) {
    this.#options = options;
  }

  get state(): DiscoveryState {
    return this.#state;
  }

  get candidates(): readonly RelayTransport[] {
    return this.#candidates;
  }

  /** Why it could not be found out; empty where it could. */
  get reason(): string {
    return this.#reason;
  }

  get retryAtMs(): number | null {
    return this.#retryAtMs;
  }

  start(): void {
    this.#happen('start');
  }

  wake(): void {
    this.#happen('wake');
  }

  stop(): void {
    this.#happen('stop');
  }

  #happen(happening: DiscoveryHappening): void {
    const outcome = DISCOVERY_TABLE[this.#state][happening];
    if (outcome === 'ignore') return;
    this.#stopTimer?.();
    this.#stopTimer = null;
    this.#retryAtMs = null;
    this.#request?.abort();
    this.#request = null;
    this.#state = outcome.to;
    this.#enter(outcome.to, outcome.pause ?? 'rarely');
    this.#options.changed();
  }

  #enter(state: DiscoveryState, pause: Pause): void {
    switch (state) {
      case 'idle':
      case 'off':
        return;
      case 'discovering':
        this.#discover();
        return;
      case 'known':
      case 'waiting':
        this.#wait(pause);
        return;
      default:
        unreachable(state);
    }
  }

  #wait(pause: Pause): void {
    const { timers, random } = this.#options;
    const ms = pauseMs(pause, pause === 'less-often' ? this.#looks : this.#failures, fraction(random));
    this.#retryAtMs = timers.now() + ms;
    this.#stopTimer = timers.after(ms, () => this.#happen('elapsed'));
  }

  #discover(): void {
    const { signalling, timers } = this.#options;
    const request = new AbortController();
    this.#request = request;
    this.#stopTimer = timers.after(deadlineMs(DISCOVERY_DEADLINE, this.#failures), () => {
      this.#failed('the homeserver did not answer in time');
      this.#happen('late');
    });
    signalling.candidates(request.signal).then(
      (candidates) => {
        if (this.#request !== request) return;
        this.#looks = sameRecords(this.#candidates, candidates) ? this.#looks + 1 : 1;
        this.#candidates = candidates;
        this.#failures = 0;
        this.#reason = '';
        this.#happen(candidates.length > 0 ? 'found' : 'none');
      },
      (error: unknown) => {
        if (this.#request !== request) return;
        this.#failed(error instanceof Error ? error.message : String(error));
        this.#happen('failed');
      },
    );
  }

  #failed(reason: string): void {
    this.#failures += 1;
    this.#reason = reason;
  }
}
