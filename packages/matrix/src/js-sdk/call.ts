import type { Method } from 'matrix-js-sdk';
import type { RequestOptions } from '../request.ts';

/** One request of the client-server API. */
export interface Call {
  /** What it is for, as `HomeserverErrorDetails.what`. */
  readonly what: string;
  readonly method: Method;
  readonly path: string;
  /** Default `/_matrix/client/v3`. */
  readonly prefix?: string;
  readonly query?: Record<string, string | string[]>;
  readonly body?: object;
  readonly options: RequestOptions | undefined;
  readonly timeoutMs?: number;
}

/** Makes a request; its answer is a stranger's. */
export type Ask = (call: Omit<Call, 'options'>) => Promise<unknown>;
