import { type Backoff, backoffMs, type Stop, type Timers, type UserId } from '@weft/core';
import { chatContent, MAX_SAID_TOGETHER, readChat, type Said } from '@weft/protocol';
import { HomeserverError } from '../errors.ts';
import { CHAT_EVENT } from '../event-types.ts';
import type { Homeserver, RoomUpdate } from '../homeserver.ts';
import type { RoomId } from '../ids.ts';
import type { RequestOptions } from '../request.ts';

/** Messages that go at once; then one each `CHAT_PAUSE_MS`: chat takes from the allowance that edits need. */
export const CHAT_BURST = 3;
/** What a stock homeserver allows: one event each five seconds. */
export const CHAT_PAUSE_MS = 5000;
/** Sayings that wait for the room; of more, none is taken. */
export const MAX_SAID_WAITING = 200;

const BACKOFF: Backoff = { firstMs: 1000, maxMs: 60_000 };

/** What was said in the room, and by whom. */
export interface Heard extends Said {
  /** Who sent it; `user` is whose words they are said to be. */
  readonly sender: UserId;
  /** `origin_server_ts`, in milliseconds. */
  readonly atMs: number;
}

export interface RoomChatOptions {
  readonly homeserver: Pick<Homeserver, 'sendMessage'>;
  readonly room: RoomId;
  readonly timers: Timers;
  /** A fraction in [0, 1), for jitter. */
  readonly fraction: () => number;
  /** Somebody said something, this user included. */
  readonly heard: (heard: Heard) => void;
}

interface Waiting {
  readonly said: Said;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * The chat of a room. What is said goes out in order, in as few messages as the homeserver's limit asks for: what comes up
 * while one waits or is on its way goes into the next.
 */
export class RoomChat {
  readonly #options: RoomChatOptions;
  readonly #abort = new AbortController();
  #waiting: Waiting[] = [];
  /** Being sent: the same until it is there, so that a repeated request is one message. */
  #batch: readonly Waiting[] = [];
  #tokens = CHAT_BURST;
  #tokensAtMs: number;
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #inFlight = false;
  #stopTimer: Stop = () => undefined;

  constructor(options: RoomChatOptions) {
    this.#options = options;
    this.#tokensAtMs = options.timers.now();
  }

  /** Takes in what a sync told. What was said before it began is history. */
  take({ complete, timeline }: Pick<RoomUpdate, 'complete' | 'timeline'>): void {
    if (complete) return;
    for (const { type, id, sender, atMs, content, redactedAtMs } of timeline) {
      if (type !== CHAT_EVENT || redactedAtMs !== null) continue;
      for (const said of readChat(id, content)) this.#options.heard({ ...said, sender, atMs });
    }
  }

  /**
   * Resolves once the room has it. While the homeserver does not answer it waits.
   *
   * @throws HomeserverError `forbidden`, `closed`, `too-large` where too much waits already, and what else is final
   */
  say(said: Said): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (this.#abort.signal.aborted) reject(chatError('closed', 'the world was closed'));
    else if (this.#waiting.length >= MAX_SAID_WAITING)
      reject(chatError('too-large', `${MAX_SAID_WAITING} sayings wait for the homeserver already`));
    else this.#waiting.push({ said, resolve, reject });
    this.#run();
    return promise;
  }

  /** How much is said and not in the room yet. */
  get unsaid(): number {
    return this.#waiting.length + this.#batch.length;
  }

  stop(): void {
    this.#stopTimer();
    this.#abort.abort();
    const left = [...this.#batch, ...this.#waiting];
    this.#batch = [];
    this.#waiting = [];
    for (const { reject } of left) reject(chatError('closed', 'the world was closed'));
  }

  #run(): void {
    this.#stopTimer();
    if (this.#inFlight || this.unsaid === 0 || this.#abort.signal.aborted) return;
    const { timers } = this.#options;
    const nowMs = timers.now();
    const earned = Math.max(0, nowMs - this.#tokensAtMs) / CHAT_PAUSE_MS;
    const tokens = Math.min(CHAT_BURST, this.#tokens + earned);
    const waitMs = Math.max(this.#notBeforeMs - nowMs, Math.ceil((1 - tokens) * CHAT_PAUSE_MS));
    if (waitMs > 0) {
      this.#stopTimer = timers.after(waitMs, () => this.#run());
      return;
    }
    if (this.#batch.length === 0) this.#batch = this.#waiting.splice(0, MAX_SAID_TOGETHER);
    this.#tokens = tokens - 1;
    this.#tokensAtMs = nowMs;
    void this.#send(this.#batch);
  }

  async #send(batch: readonly Waiting[]): Promise<void> {
    const { homeserver, room } = this.#options;
    const said = batch.map((one) => one.said);
    const request: RequestOptions = { signal: this.#abort.signal };
    this.#inFlight = true;
    try {
      const message = { type: CHAT_EVENT, content: chatContent(said) };
      await homeserver.sendMessage(room, message, `weft-${said[0]?.id}`, request);
      this.#failures = 0;
      this.#end(({ resolve }) => resolve());
    } catch (error) {
      this.#onFailure(error);
    } finally {
      this.#inFlight = false;
    }
    this.#run();
  }

  #onFailure(error: unknown): void {
    if (!(error instanceof HomeserverError) || !error.retry) {
      this.#end(({ reject }) => reject(error instanceof Error ? error : new Error(String(error))));
      return;
    }
    const { timers, fraction } = this.#options;
    this.#failures += 1;
    const delayMs = error.retryAfterMs ?? backoffMs(BACKOFF, this.#failures, fraction());
    this.#notBeforeMs = timers.now() + delayMs;
  }

  #end(settle: (waiting: Waiting) => void): void {
    const batch = this.#batch;
    this.#batch = [];
    for (const waiting of batch) settle(waiting);
  }
}

function chatError(code: 'closed' | 'too-large', got: string): HomeserverError {
  return new HomeserverError(code, { what: 'say something in the chat', got });
}
