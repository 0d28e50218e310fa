import { createClient, type MatrixClient, MemoryStore } from 'matrix-js-sdk';
import { silentLogger } from './silent-logger.ts';

export interface OwnClientOptions {
  readonly url: string;
  readonly token?: string;
  readonly userId?: string;
  readonly deviceId?: string | null;
  /** The token is an application service's, which says with each request as whom and on which device it asks. */
  readonly isService?: boolean;
}

/**
 * A client for requests only: nothing is started in it, no encryption either. Its own time limit stays unset, since
 * matrix-js-sdk never clears the timer, which would keep a Node process alive; see `timeLimit`.
 */
export function ownClient({
  url,
  token,
  userId,
  deviceId,
  isService = false,
}: OwnClientOptions): MatrixClient {
  return createClient({
    baseUrl: url,
    ...(token === undefined ? {} : { accessToken: token }),
    ...(userId === undefined ? {} : { userId }),
    ...(deviceId === undefined || deviceId === null ? {} : { deviceId }),
    ...(isService ? { queryParams: { user_id: userId ?? '', device_id: deviceId ?? '' } } : {}),
    store: new MemoryStore(),
    logger: silentLogger,
    disableVoip: true,
  });
}

/** Aborts after a time, or when the caller does. The platform clears it, and in Node it holds no process. */
export function timeLimit(timeoutMs: number, signal: AbortSignal | undefined): AbortSignal {
  const limit = AbortSignal.timeout(timeoutMs);
  return signal === undefined ? limit : AbortSignal.any([signal, limit]);
}
