import { type Backoff, backoffMs, unreachable } from '@weft/core';
import type { Pause } from './outcome.ts';

/** Waits between attempts. */
export const RECONNECT: Backoff = { firstMs: 250, maxMs: 30_000 };
/** Waits for a relay that was there a moment ago: one that is restarted has everybody back soon. */
export const RECONNECT_SOON: Backoff = { firstMs: 250, maxMs: 1_000 };
/** How long ago that is. */
export const A_MOMENT_MS = 30_000;
/** How long a relay that stops is left alone. */
export const DRAIN_MS = 1_500;
/** How often it is looked whether a world names other relays, or has any by now. */
export const REDISCOVER_MS = 60_000;
/** The same after relays were found: one that came in just now may need a moment until it lets anybody in. */
export const LOOK_AGAIN: Backoff = { firstMs: 4_000, maxMs: REDISCOVER_MS };

/** How long a step may take at first, and how long after failures: what is slow gets more time each time. */
export interface Deadline {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** A ticket travels by two homeservers, there and back. */
export const TICKET_DEADLINE: Deadline = { firstMs: 2_500, maxMs: 20_000 };
export const CONNECT_DEADLINE: Deadline = { firstMs: 3_000, maxMs: 12_000 };
export const WELCOME_DEADLINE: Deadline = { firstMs: 3_000, maxMs: 12_000 };
/** Between two parts of what is being loaded. */
export const LOAD_DEADLINE: Deadline = { firstMs: 5_000, maxMs: 20_000 };
export const DISCOVERY_DEADLINE: Deadline = { firstMs: 10_000, maxMs: 30_000 };

/** @param failures in a row, from 0 */
export function deadlineMs({ firstMs, maxMs }: Deadline, failures: number): number {
  return Math.min(firstMs * 2 ** Math.min(failures, 16), maxMs);
}

/**
 * @param times that it failed, or found the same, in a row, from 1
 * @param fraction in [0, 1): spreads clients
 * @param backoff of pauses that double
 */
export function pauseMs(pause: Pause, times: number, fraction: number, backoff = RECONNECT): number {
  switch (pause) {
    case 'back-off':
      return Math.round(backoffMs(backoff, times, fraction));
    case 'drain':
      return Math.round(DRAIN_MS * (1 + fraction));
    case 'less-often':
      return Math.round(backoffMs(LOOK_AGAIN, times, fraction));
    case 'rarely':
      return Math.round(REDISCOVER_MS * (1 + fraction / 2));
    default:
      return unreachable(pause);
  }
}
