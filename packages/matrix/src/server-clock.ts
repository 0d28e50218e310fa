import type { RoomEvent } from './room-event.ts';

// Enough to outlive one slow response, few enough to follow a clock that is set right.
const MAX_SAMPLES = 16;

/**
 * Estimates the homeserver's clock from `origin_server_ts + unsigned.age` of events, which browsers may read where
 * they hide the `Date` header. Every sample is late by the time the response took, so the greatest is the best.
 */
export class ServerClock {
  readonly #serverName: string | null;
  readonly #samples: number[] = [];

  /** @param serverName only events of this server's users count: others carry their own server's clock */
  constructor(serverName: string | null) {
    this.#serverName = serverName;
  }

  /** The server's clock minus the local one, in milliseconds; 0 until the first sample. */
  get offsetMs(): number {
    return this.#samples.length === 0 ? 0 : Math.max(...this.#samples);
  }

  /** @param nowMs the local clock when the response arrived */
  observe(events: Iterable<RoomEvent>, nowMs: number): void {
    let best: number | null = null;
    for (const event of events) {
      if (event.ageMs === null || !event.sender.endsWith(`:${this.#serverName}`)) continue;
      const sample = event.atMs + event.ageMs - nowMs;
      if (best === null || sample > best) best = sample;
    }
    if (best === null) return;
    this.#samples.push(best);
    if (this.#samples.length > MAX_SAMPLES) this.#samples.shift();
  }
}
