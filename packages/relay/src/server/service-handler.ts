import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServiceSession } from '../admission/service-sessions.ts';

/** One request of a service whose token held. */
export interface ServiceCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Below `/v1`, without the query: `/worlds/!room:server/query`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Who asks, and the one world that they may ask about. */
  readonly session: ServiceSession;
}

/**
 * What answers below `/v1` beside the lane and the sessions.
 *
 * @returns `false` where there is no such route; nothing was answered then. @throws HttpError
 */
export type ServiceHandler = (call: ServiceCall) => Promise<boolean>;
