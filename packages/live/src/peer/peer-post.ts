import { type Backoff, backoffMs, fraction, type RandomBytes, type Stop, type Timers } from '@weft/core';
import type { PeerLetter, PeerMail } from './peer-mail.ts';

/** How often one device is sent a message at most: five times a second. */
export const PEER_TICK_MS = 200;
/** How long a homeserver may take with one request. */
export const PEER_SEND_DEADLINE_MS = 10_000;
const RETRY: Backoff = { firstMs: 1_000, maxMs: 30_000 };

export interface PeerPostOptions {
  readonly mail: Pick<PeerMail, 'send'>;
  readonly timers: Timers;
  readonly random: RandomBytes;
  /** What goes now, at most one letter a device; none where there is nothing to say. */
  readonly collect: () => readonly PeerLetter[];
  /** The homeserver did not take these, or did not say that it did. */
  readonly lost: (letters: readonly PeerLetter[]) => void;
}

/** Hands letters to the homeserver: one request at a time, five a second at most, and fewer while it does not take them. */
export class PeerPost {
  readonly #options: PeerPostOptions;
  #request: AbortController | null = null;
  #stopTimer: Stop | null = null;
  #sentAtMs = Number.NEGATIVE_INFINITY;
  #pauseMs = 0;
  #failures = 0;
  #isOpen = false;

  constructor(options: PeerPostOptions) {
    this.#options = options;
  }

  open(): void {
    this.#isOpen = true;
    this.pump();
  }

  /** Nothing more is collected; what is under way may still arrive. */
  close(): void {
    this.#isOpen = false;
    this.#stopTimer?.();
    this.#stopTimer = null;
    this.#failures = 0;
    this.#pauseMs = 0;
  }

  /** There may be something to say: now, or as soon as something may be said. */
  pump(): void {
    if (!this.#isOpen || this.#request !== null || this.#stopTimer !== null) return;
    const { timers, collect } = this.#options;
    // A clock that was set back must not put it off.
    const passedMs = Math.abs(timers.now() - this.#sentAtMs);
    const waitMs = Math.max(PEER_TICK_MS, this.#pauseMs) - passedMs;
    if (waitMs > 0) {
      this.#stopTimer = timers.after(waitMs, () => {
        this.#stopTimer = null;
        this.pump();
      });
      return;
    }
    const letters = collect();
    if (letters.length === 0) return;
    this.#sentAtMs = timers.now();
    void this.#send(letters);
  }

  /** Says something whatever waits, once, and does not mind whether it arrives. */
  async farewell(letters: readonly PeerLetter[]): Promise<void> {
    const { timers, mail } = this.#options;
    if (letters.length === 0) return;
    const request = new AbortController();
    const stop = timers.after(PEER_SEND_DEADLINE_MS, () => request.abort());
    await mail.send(letters, { signal: request.signal }).catch(() => undefined);
    stop();
  }

  async #send(letters: readonly PeerLetter[]): Promise<void> {
    const { timers, mail, random, lost } = this.#options;
    const request = new AbortController();
    this.#request = request;
    const stop = timers.after(PEER_SEND_DEADLINE_MS, () => request.abort(new Error('it took too long')));
    try {
      await mail.send(letters, { signal: request.signal });
      this.#failures = 0;
      this.#pauseMs = 0;
    } catch {
      this.#failures += 1;
      this.#pauseMs = Math.round(backoffMs(RETRY, this.#failures, fraction(random)));
      lost(letters);
    }
    stop();
    this.#request = null;
    this.pump();
  }
}
