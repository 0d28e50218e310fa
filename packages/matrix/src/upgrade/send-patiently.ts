import { HomeserverError } from '../errors.ts';
import type { RequestOptions } from '../request.ts';
import type { Timers } from '../timers.ts';

const DEFAULT_RETRY_AFTER_MS = 5000;

/** Makes a request as often as the homeserver asks for patience, and waits as long as it says. @throws HomeserverError */
export async function patiently<T>(
  timers: Timers,
  { signal }: RequestOptions,
  send: () => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof HomeserverError) || error.code !== 'rate-limited' || signal?.aborted === true)
        throw error;
      await wait(timers, error.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS, signal);
    }
  }
}

function wait(timers: Timers, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const stop = timers.after(ms, resolve);
    signal?.addEventListener('abort', () => {
      stop();
      resolve();
    });
  });
}
