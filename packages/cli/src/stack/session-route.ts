import type { LoopbackReply, LoopbackRequest } from './pages/serve-loopback.ts';

/** What a page of the studio signs in with. */
export interface PageSession {
  readonly homeserver: string;
  readonly userId: string;
  readonly token: string;
  readonly deviceId: string;
  /** The room that the page opens. */
  readonly world: string;
}

export interface SessionReply extends LoopbackReply {
  readonly body: string;
}

const ROUTE = /^\/session\/([a-z0-9][a-z0-9._-]{0,63})\.json(?:\?|$)/;
const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/**
 * Answers `GET /session/<name>.json`, or null for any other path. The reply holds a token, so it goes only to a page
 * of this very server: the host must be ours (a stranger's name that resolves to this machine is not), and the
 * browser must say that the page that asks is of the same origin (Fetch Metadata, W3C).
 */
export function answerSession(
  request: LoopbackRequest,
  sessions: Readonly<Record<string, PageSession>>,
  port: number,
): SessionReply | null {
  const path = request.url.split('?')[0] ?? '';
  if (!path.startsWith('/session/')) return null;
  const reason = refusal(request, port);
  if (reason !== null) return reply(403, { error: reason });
  const name = ROUTE.exec(request.url)?.[1];
  const session = name !== undefined && Object.hasOwn(sessions, name) ? sessions[name] : undefined;
  return session === undefined ? reply(404, { error: 'There is no such session.' }) : reply(200, session);
}

function refusal({ method, headers }: LoopbackRequest, port: number): string | null {
  if (method !== 'GET') return 'Only GET is answered here.';
  const hosts = [`localhost:${port}`, `127.0.0.1:${port}`];
  if (headers.host === undefined || !hosts.includes(headers.host))
    return 'This is not the address of the studio.';
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return 'Only the studio itself may ask for a session.';
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) {
    return 'Only the studio itself may ask for a session.';
  }
  return null;
}

function reply(status: number, body: object): SessionReply {
  return { status, headers: HEADERS, body: JSON.stringify(body) };
}
