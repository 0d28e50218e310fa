import type { Timers } from '@weft/core';
import { AssetError, shownAddress } from '../asset-error.ts';
import { sourceError } from '../source/source-error.ts';
import { type LoadDeadlines, MIN_STEADY_BYTES } from './limits.ts';

export interface Watched {
  /** Ends what is watched. */
  readonly signal: AbortSignal;
  /** So many bytes came. */
  received(bytes: number): void;
}

const MS_PER_SECOND = 1000;

/**
 * Runs one attempt under its deadlines: it ends in time, whatever the other side, or the source itself, makes of the signal.
 *
 * @param outer the caller's signal
 * @param leftMs what is left for all sources together
 * @throws AssetError `timed-out`, `aborted`, and whatever the attempt throws
 */
export async function watch<T>(
  address: string,
  run: (watched: Watched) => Promise<T>,
  outer: AbortSignal,
  { sourceMs, stallMs }: LoadDeadlines,
  leftMs: number,
  timers: Timers,
): Promise<T> {
  const stop = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (error: AssetError): void => {
    reject(error);
    stop.abort(error);
  };
  const cancel = (): void => end(sourceError('aborted', address, 'it was cancelled'));
  outer.addEventListener('abort', cancel, { once: true });
  let since = 0;
  let stopStall = (): void => undefined;
  const watchStall = (): void => {
    stopStall = timers.after(stallMs, () => {
      if (since < MIN_STEADY_BYTES) return end(timedOut(address, `${since} bytes in ${seconds(stallMs)}`));
      since = 0;
      watchStall();
    });
  };
  watchStall();
  const withinMs = Math.min(sourceMs, leftMs);
  const stopDeadline = timers.after(withinMs, () => {
    end(timedOut(address, `no whole file in ${seconds(withinMs)}`));
  });
  try {
    if (outer.aborted) cancel();
    const received = (bytes: number): void => {
      since += bytes;
    };
    return await Promise.race([run({ signal: stop.signal, received }), ended]);
  } finally {
    stopStall();
    stopDeadline();
    outer.removeEventListener('abort', cancel);
    // Whoever lost the race may still be at it.
    stop.abort();
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / MS_PER_SECOND)} s`;
}

function timedOut(address: string, got: string): AssetError {
  return new AssetError('timed-out', {
    what: `fetch ${shownAddress(address)}`,
    expected: 'the file in good time',
    got,
    hint: 'The server or the network is too slow: try again later, or give another address of the file.',
  });
}
