import { ConnectionError, HTTPError, MatrixError } from 'matrix-js-sdk';
import { errorOfAnswer, HomeserverError } from '../errors.ts';

/** Turns whatever matrix-js-sdk threw into a named error. */
export function mapError(what: string, error: unknown, url: string): HomeserverError {
  if (error instanceof HomeserverError) return error;
  if (error instanceof MatrixError || error instanceof HTTPError)
    return errorOfAnswer(
      what,
      {
        status: error.httpStatus ?? 0,
        errcode: error instanceof MatrixError ? (error.errcode ?? null) : null,
        message: error instanceof MatrixError ? (error.error ?? error.message) : error.message,
        retryAfterMs: retryAfterMs(error),
      },
      error,
    );
  if (error instanceof DOMException && error.name === 'AbortError')
    return new HomeserverError('aborted', { what, got: 'it was cancelled', cause: error });
  if (error instanceof ConnectionError)
    return new HomeserverError('unreachable', { what, got: `no answer from ${url}`, cause: error });
  return new HomeserverError('server', {
    what,
    got: error instanceof Error ? error.message : String(error),
    cause: error,
  });
}

// The body says it to the millisecond; the header, which matrix-js-sdk prefers, rounds up to seconds.
function retryAfterMs(error: HTTPError): number | null {
  const exact: unknown = error instanceof MatrixError ? error.data.retry_after_ms : undefined;
  if (typeof exact === 'number' && Number.isFinite(exact)) return Math.max(0, exact);
  try {
    return error.getRetryAfterMs();
  } catch {
    return null;
  }
}
