import { MAX_CLOCK_LEAD_MS } from '../stamp/clock.ts';

/**
 * Until when the redaction of an event purges, in milliseconds. By the clocks of two servers: what the event said was
 * stamped by its sender's, and by honest clients at most so far ahead of it.
 *
 * @param redactedAtMs `origin_server_ts` of the redaction
 * @param sentAtMs `origin_server_ts` of the event
 */
export function redactionMs(redactedAtMs: number, sentAtMs: number): number {
  return Math.max(redactedAtMs, sentAtMs + MAX_CLOCK_LEAD_MS);
}
