import type { Network, Stop, Timers } from '@weft/core';
import { HomeserverError } from '../errors.ts';
import type { Following } from '../homeserver.ts';
import { member, stringMember } from '../json.ts';

export interface SyncQuery {
  readonly [name: string]: string;
}

/** One response of `/sync`. */
export interface SyncResponse {
  readonly body: unknown;
  /** Nothing came before it: it holds the whole of what was asked for. */
  readonly complete: boolean;
  /** The connection was lost in between. */
  readonly lost: boolean;
  /** By the local clock, in milliseconds. */
  readonly arrivedMs: number;
}

export interface SyncLoopOptions {
  /** Where to go on from; `null` to begin with the whole state. */
  readonly since: string | null;
  readonly timers: Timers;
  /** A fraction in [0, 1), for jitter. */
  readonly fraction: () => number;
  /** `GET /sync`; fails with a `HomeserverError`. */
  readonly request: (query: SyncQuery, timeoutMs: number, signal: AbortSignal) => Promise<unknown>;
  /** What is wanted; of the first request, too. */
  readonly filter: (first: boolean) => object;
  /** Takes in what came for this device (`to_device`), before the rest of the response. */
  readonly mail: (section: unknown) => void;
  /** Takes in a response; the loop goes on from after it once this has succeeded. */
  readonly take: (response: SyncResponse, signal: AbortSignal) => Promise<void>;
  readonly connection: (state: 'online' | 'offline', reason: HomeserverError | null) => void;
  /** Where the device tells of its network, the server is asked at once whenever that changes. */
  readonly network?: Network | undefined;
}

const POLL_TIMEOUT_MS = 30_000;
const ANSWER_GRACE_MS = 30_000;
const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 5000;

/**
 * A `/sync` of no more than is needed. matrix-js-sdk's own loop keeps every event in memory, leaves a 110 s timer behind
 * with each request and moves its token before anybody has read the response.
 */
export class SyncLoop implements Following {
  readonly #options: SyncLoopOptions;
  readonly #abort = new AbortController();
  #token: string | null;
  #continued = false;
  #online = false;
  #lost = false;
  #retryMs = FIRST_RETRY_MS;
  #stopWait: Stop = () => {};
  #stopNetwork: Stop = () => {};
  #request = new AbortController();
  #isHurried = false;

  constructor(options: SyncLoopOptions) {
    this.#options = options;
    this.#token = options.since;
  }

  get continued(): boolean {
    return this.#continued;
  }

  /**
   * Resolves once the first response, with the whole state or with what came after `since`, was delivered; the loop then
   * goes on until `stop`.
   *
   * @throws HomeserverError where the first request fails
   */
  async start(): Promise<void> {
    await this.#first();
    if (this.#stopped) return;
    this.#stopNetwork = this.#options.network?.onChange(() => this.#hurry()) ?? this.#stopNetwork;
    void this.#run();
  }

  stop(): void {
    this.#stopNetwork();
    this.#stopWait();
    this.#abort.abort();
  }

  async #first(): Promise<void> {
    this.#continued = this.#token !== null;
    try {
      await this.#step();
    } catch (error) {
      if (!this.#continued || !isUnknownToken(error)) throw error;
      this.#continued = false;
      this.#token = null;
      await this.#step();
    }
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#step();
      } catch (error) {
        if (this.#stopped) return;
        // Given up on purpose: what comes of the next attempt tells how things are.
        if (this.#isHurried) continue;
        if (!this.#survives(error)) return;
        await this.#pause(error);
      }
    }
  }

  async #step(): Promise<void> {
    const { filter, mail, take, connection, timers } = this.#options;
    const { signal } = this.#abort;
    const complete = this.#token === null;
    const waitMs = complete || !this.#online || this.#isHurried ? 0 : POLL_TIMEOUT_MS;
    this.#isHurried = false;
    this.#request = new AbortController();
    const query: SyncQuery = {
      filter: JSON.stringify(filter(complete)),
      timeout: String(waitMs),
      set_presence: 'offline',
      use_state_after: 'true',
      'org.matrix.msc4222.use_state_after': 'true',
      ...(this.#token === null ? {} : { since: this.#token }),
    };
    const given = AbortSignal.any([signal, this.#request.signal]);
    const body = await this.#options.request(query, waitMs + ANSWER_GRACE_MS, given);
    const arrivedMs = timers.now();
    if (signal.aborted) return;
    mail(member(body, 'to_device'));
    await take({ body, complete, lost: this.#lost, arrivedMs }, signal);
    if (signal.aborted) return;
    this.#token = stringMember(body, 'next_batch');
    this.#lost = false;
    this.#retryMs = FIRST_RETRY_MS;
    if (this.#online) return;
    this.#online = true;
    connection('online', null);
  }

  #survives(error: unknown): boolean {
    const failure = error instanceof HomeserverError ? error : null;
    this.#online = false;
    this.#lost = true;
    this.#options.connection('offline', failure);
    if (isUnknownToken(error) && this.#token !== null) {
      this.#token = null;
      return true;
    }
    return failure === null || failure.retry;
  }

  #pause(error: unknown): Promise<void> {
    const { timers, fraction } = this.#options;
    const asked = error instanceof HomeserverError ? error.retryAfterMs : null;
    const delayMs = asked ?? this.#retryMs * (1 + fraction() / 2);
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
    return new Promise((resolve) => {
      const cancel = timers.after(delayMs, resolve);
      this.#stopWait = () => {
        cancel();
        resolve();
      };
    });
  }

  /** A request that waits for an answer may wait for a connection that is no more. */
  #hurry(): void {
    this.#isHurried = true;
    this.#request.abort();
    this.#stopWait();
  }

  get #stopped(): boolean {
    return this.#abort.signal.aborted;
  }
}

/** A restored server may not know it any more: begin again from the whole state. */
function isUnknownToken(error: unknown): boolean {
  return error instanceof HomeserverError && error.code === 'bad-event';
}

/** Synapse answers a first request that it has seen from a cache for two minutes, without what came since. */
export function uncached(fraction: () => number): { readonly not_senders: readonly string[] } {
  const nonce = Math.floor(fraction() * Number.MAX_SAFE_INTEGER).toString(36);
  return { not_senders: [`@${nonce}:nobody.invalid`] };
}

/** The events of a section of a response. */
export function eventsOf(section: unknown): unknown[] {
  const found = member(section, 'events');
  return Array.isArray(found) ? found : [];
}
