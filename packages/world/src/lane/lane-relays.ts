import type { Timers } from '@weft/core';
import type { Channel, LaneStatus } from '@weft/live';
import type { RelayAccess } from '../assets/relay-access.ts';

/** How long whoever wants a file waits for the first relay, in milliseconds. */
export const RELAY_WAIT_MS = 5_000;
/** Where the way to a relay has come to its first end, good or bad. */
const DECIDED: ReadonlySet<LaneStatus['stage']> = new Set(['live', 'waiting', 'off']);

/** The relays of a channel that this client is on. */
export function relaysOf(
  { status }: Pick<Channel, 'status'>,
  timers: Timers,
): Pick<RelayAccess, 'live' | 'decided'> {
  const startMs = timers.now();
  let isDecided = false;
  const look = (): boolean => {
    isDecided ||= DECIDED.has(status.value.stage);
    return isDecided;
  };
  return {
    live() {
      const { stage, relay, reading } = status.value;
      return stage === 'live' && relay !== null ? [relay, ...reading] : reading;
    },
    decided(signal) {
      const leftMs = startMs + RELAY_WAIT_MS - timers.now();
      if (look() || leftMs <= 0 || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const end = (): void => {
          stopTimer();
          stopStatus();
          signal.removeEventListener('abort', end);
          resolve();
        };
        const stopTimer = timers.after(leftMs, end);
        const stopStatus = status.subscribe(() => {
          if (look()) end();
        });
        signal.addEventListener('abort', end, { once: true });
      });
    },
  };
}
