import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Gateway } from '../files/gateway.ts';
import type { ProviderRouting } from '../files/provider-routing.ts';
import { openApi } from '../service/open-api.ts';
import { isLoopback } from './client-address.ts';
import { COMMON_HEADERS, HttpError, replyError, replyJson } from './http-reply.ts';
import { type Origins, PREFLIGHT_HEADERS } from './origins.ts';
import type { ReadinessProbe } from './readiness.ts';
import type { RelayLog } from './relay-log.ts';
import type { RelayMetrics } from './relay-metrics.ts';
import type { ServiceHandler } from './service-handler.ts';
import { type SessionRoutes, tokenOf } from './session-routes.ts';

/** What a relay says of itself to anybody who asks. */
export interface About {
  /** The type of its transport. */
  readonly type: string;
  readonly lane_version: number;
  /** What clients sign as this relay's address. */
  readonly url: string;
  readonly user_id: string;
  readonly guests: string;
}

export interface HttpRoutesOptions {
  /** Before `/v1` and the others, where the public address has a path; a proxy may also cut it off. */
  readonly prefix: string;
  readonly about: About;
  readonly origins: Origins;
  readonly sessions: SessionRoutes;
  readonly readiness: ReadinessProbe;
  readonly isDraining: () => boolean;
  readonly metrics: RelayMetrics;
  /** Who shows it reads the figures from anywhere; `null`: only this machine, and not through a proxy. */
  readonly metricsToken: string | null;
  readonly services: ServiceHandler | null;
  readonly gateway: Gateway;
  readonly routing: ProviderRouting;
  readonly log: RelayLog;
}

export const LANE_PATH = '/v1/lane';
/** Made once: anybody may ask for it. */
const INTERFACE = openApi();

/** Answers HTTP: health, figures, sessions of services, and what services ask. One request's failure is its own. */
export class HttpRoutes {
  readonly #options: HttpRoutesOptions;

  constructor(options: HttpRoutesOptions) {
    this.#options = options;
  }

  /** The path of a request without the public prefix; `null` for a target that is none, such as a whole address. */
  pathOf(target = ''): string | null {
    // Not by a parser of URLs: that would take `//host/path` for a host and a path.
    const [path = ''] = target.split('?');
    if (!path.startsWith('/')) return null;
    const { prefix } = this.#options;
    return prefix !== '' && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { metrics, origins, log } = this.#options;
    const path = this.pathOf(request.url) ?? '';
    const headers = { ...COMMON_HEADERS, ...origins.headersFor(request.headers.origin) };
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.on('finish', () => metrics.request(routeOf(path), response.statusCode));
    try {
      await this.#route(path, request, response);
    } catch (error) {
      if (!(error instanceof HttpError)) {
        // Who broke off in the middle of a request is no defect of ours.
        if (request.destroyed && !request.complete) return;
        metrics.failure('http');
        log.error({ err: error, route: routeOf(path) }, 'a request could not be answered');
      }
      if (response.headersSent) response.destroy();
      else replyError(response, error instanceof HttpError ? error : DEFECT);
    }
  }

  #route(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> | void {
    if (!this.#options.origins.allows(request.headers.origin))
      throw new HttpError(
        403,
        'origin',
        'Pages of this origin may not use this relay; its operator can allow them.',
      );
    switch (`${request.method} ${path}`) {
      case 'GET /healthz':
        return replyJson(response, 200, { status: 'ok' });
      case 'GET /readyz':
        return this.#ready(response);
      case 'GET /metrics':
        return this.#figures(request, response);
      case 'GET /v1':
        return replyJson(response, 200, this.#options.about);
      case 'GET /v1/openapi.json':
        return replyJson(response, 200, INTERFACE);
      case 'POST /v1/session':
        return this.#options.sessions.open(request, response);
      case 'DELETE /v1/session':
        return this.#options.sessions.end(request, response);
      case `GET ${LANE_PATH}`:
        throw new HttpError(426, 'upgrade', 'This is a WebSocket: open it with ws:// or wss://.', {
          upgrade: 'websocket',
        });
    }
    return this.#others(path, request, response);
  }

  async #others(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (path.startsWith('/v1/') && request.method === 'OPTIONS') {
      response.writeHead(204, PREFLIGHT_HEADERS).end();
      return;
    }
    const { services, sessions, gateway, routing } = this.#options;
    const [, search = ''] = (request.url ?? '').split('?', 2);
    if (path.startsWith('/ipfs/')) return gateway.answer(path, search, request, response);
    if (path.startsWith('/routing/')) return routing.answer(path, search, request, response);
    if (services !== null && path.startsWith('/v1/')) {
      // Before anything is looked up: a stranger learns nothing of which worlds there are.
      const session = sessions.sessionOf(request);
      const query = new URLSearchParams((request.url ?? '').split('?').slice(1).join('?'));
      const call = { request, response, path: path.slice('/v1'.length), query, session };
      if (await services(call)) return;
    }
    throw new HttpError(
      404,
      'not-found',
      'There is nothing here. A relay answers below /v1, /ipfs and /routing/v1, and /healthz and /readyz.',
    );
  }

  async #ready(response: ServerResponse): Promise<void> {
    const { ready, checks } = await this.#options.readiness.ask();
    const draining = this.#options.isDraining();
    const ok = ready && !draining;
    replyJson(response, ok ? 200 : 503, { status: draining ? 'draining' : ok ? 'ok' : 'failing', checks });
  }

  async #figures(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { metrics, metricsToken } = this.#options;
    const isNear =
      isLoopback(request.socket.remoteAddress) && request.headers['x-forwarded-for'] === undefined;
    if (!isNear && (metricsToken === null || !isEqual(tokenOf(request), metricsToken)))
      throw new HttpError(
        401,
        'unauthenticated',
        'The figures are for the operator: show WEFT_RELAY_METRICS_TOKEN.',
        {
          'www-authenticate': 'Bearer',
        },
      );
    const text = await metrics.text();
    response.writeHead(200, { 'content-type': metrics.contentType });
    response.end(text);
  }
}

const DEFECT = new HttpError(500, 'defect', 'The relay failed on this request; its log says why.');

/** From a fixed set: the figures name no path that a stranger made up. */
function routeOf(path: string): string {
  if (['/healthz', '/readyz', '/metrics', '/v1', '/v1/openapi.json', '/v1/session', LANE_PATH].includes(path))
    return path;
  for (const start of ['/ipfs/', '/routing/']) if (path.startsWith(start)) return `${start}…`;
  return path.startsWith('/v1/') ? '/v1/…' : 'other';
}

function isEqual(shown: string, secret: string): boolean {
  const [a, b] = [Buffer.from(shown), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}
