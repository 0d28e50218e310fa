import { type Backoff, backoffMs } from '@weft/core';
import { HomeserverError } from '../errors.ts';
import type { RoomUpdate } from '../homeserver.ts';
import type { RoomEvent } from '../room-event.ts';
import type { Stop, Timers } from '../timers.ts';

/** The whole state as it was at some moment after `askedAtMs`, and what has come in by sync since then. */
export interface StateReading {
  readonly events: readonly RoomEvent[];
  readonly malformed: readonly string[];
  readonly askedAtMs: number;
  readonly since: readonly RoomUpdate[];
}

export interface StateReaderOptions {
  readonly timers: Timers;
  readonly fraction: () => number;
  readonly request: (
    signal: AbortSignal,
  ) => Promise<{ events: readonly RoomEvent[]; malformed: readonly string[] }>;
  /** Resolves when the reading was taken in. */
  readonly done: (reading: StateReading) => Promise<void>;
  /** Nothing is in doubt that was when this reading was asked for: it was taken in, or somebody vouched for the state. */
  readonly ended: (askedAtMs: number) => void;
  readonly failed: (error: HomeserverError) => void;
  /** Whether somebody who follows the room says that its state is what is known here; `null` where nobody can say. */
  readonly isUnchanged: ((signal: AbortSignal) => Promise<boolean>) | null;
}

/** Why the state is read: `gap`, something was missed and may not matter; `doubt`, it is known to differ, or may. */
export type ReadingReason = 'gap' | 'doubt';

/** Spreads the clients of a room that all saw the same gap. */
const JITTER_MS = 1000;
/** Between two readings: a room that changes without end is not read without end. */
const MIN_PAUSE_MS = 2000;
/** A quiet room is read this rarely, for what no homeserver reports (a state resolution that took something back). */
export const IDLE_MS = 10 * 60_000;
const RETRY: Backoff = { firstMs: 2000, maxMs: 60_000 };
/** Past this many updates during one reading, the reading is worthless. */
const MAX_UPDATES_IN_FLIGHT = 1000;

/** Reads `/state` again when asked to: jittered, one request in flight, and rarely when nobody asks. */
export class StateReader {
  readonly #options: StateReaderOptions;
  readonly #abort = new AbortController();
  /** A reading whose generation is over has no effect, however late its answer comes. */
  #generation = 0;
  #reading: Promise<void> | null = null;
  #since: RoomUpdate[] = [];
  #again = false;
  /** A digest does not do: the state itself has to be read. */
  #doubt = false;
  #failures = 0;
  #retryMs: number | null = null;
  #endedMs = Number.NEGATIVE_INFINITY;
  #dueMs = Number.POSITIVE_INFINITY;
  #stopTimer: Stop = () => {};
  #stopped = false;

  constructor(options: StateReaderOptions) {
    this.#options = options;
  }

  /** Starts the rare reading of a quiet room. */
  start(): void {
    this.#schedule(IDLE_MS * (1 + this.#options.fraction() / 2), 'doubt');
  }

  stop(): void {
    this.#stopped = true;
    this.#generation += 1;
    this.#stopTimer();
    this.#abort.abort();
  }

  /** Asks for a reading soon; one that is in flight may have missed the reason, so another follows it. */
  request(reason: ReadingReason = 'doubt'): void {
    if (this.#stopped) return;
    if (reason === 'doubt') this.#doubt = true;
    if (this.#reading !== null) {
      this.#again = true;
      return;
    }
    const { timers } = this.#options;
    const pauseMs = Math.max(0, this.#endedMs + MIN_PAUSE_MS - timers.now());
    const delayMs = pauseMs + this.#jitter();
    if (timers.now() + delayMs < this.#dueMs) this.#schedule(delayMs);
  }

  /** Reads at once. Resolves when it was taken in, rejects where it failed. */
  readNow(): Promise<void> {
    this.#stopTimer();
    this.#doubt = true;
    return this.#reading ?? this.#read();
  }

  /** Tells of an update, which a reading in flight may or may not contain. */
  note(update: RoomUpdate): void {
    if (this.#reading === null) return;
    this.#since.push(update);
    if (this.#since.length <= MAX_UPDATES_IN_FLIGHT) return;
    this.#generation += 1;
    this.#again = true;
  }

  #schedule(delayMs: number, reason: ReadingReason = 'gap'): void {
    const { timers } = this.#options;
    this.#stopTimer();
    this.#dueMs = timers.now() + delayMs;
    this.#stopTimer = timers.after(delayMs, () => {
      if (reason === 'doubt') this.#doubt = true;
      // Its failure was told to `failed` already.
      this.#read().catch(() => {});
    });
  }

  #read(): Promise<void> {
    this.#dueMs = Number.POSITIVE_INFINITY;
    const reading = this.#readOnce().finally(() => {
      this.#reading = null;
      this.#since = [];
      this.#endedMs = this.#options.timers.now();
      if (this.#stopped) return;
      if (this.#retryMs === null) this.start();
      else this.#schedule(this.#retryMs);
      if (!this.#again) return;
      this.#again = false;
      this.request();
    });
    this.#reading = reading;
    return reading;
  }

  async #readOnce(): Promise<void> {
    const { timers, fraction, request, done, ended, failed } = this.#options;
    const generation = this.#generation;
    const askedAtMs = timers.now();
    this.#retryMs = null;
    try {
      if (await this.#isUnchanged()) {
        ended(askedAtMs);
        return;
      }
      this.#doubt = false;
      const { events, malformed } = await request(this.#abort.signal);
      if (generation !== this.#generation) return;
      this.#failures = 0;
      await done({ events, malformed, askedAtMs, since: [...this.#since] });
      ended(askedAtMs);
    } catch (error) {
      if (this.#stopped || !(error instanceof HomeserverError)) throw error;
      this.#doubt = true;
      this.#failures += 1;
      if (error.retry) this.#retryMs = error.retryAfterMs ?? backoffMs(RETRY, this.#failures, fraction());
      failed(error);
      throw error;
    }
  }

  // What was in doubt is so still after somebody else's word, and a word that cannot be had is no word.
  async #isUnchanged(): Promise<boolean> {
    const { isUnchanged } = this.#options;
    if (this.#doubt || isUnchanged === null) return false;
    try {
      return (await isUnchanged(this.#abort.signal)) && !this.#doubt;
    } catch {
      return false;
    }
  }

  #jitter(): number {
    return this.#options.fraction() * JITTER_MS;
  }
}
