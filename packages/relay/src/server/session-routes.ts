import type { IncomingMessage, ServerResponse } from 'node:http';
import Type from 'typebox';
import { Value } from 'typebox/value';
import type { ServiceSession, ServiceSessions } from '../admission/service-sessions.ts';
import type { TicketOffice } from '../admission/ticket-office.ts';
import { HttpError, readJsonBody, replyJson } from './http-reply.ts';

const MAX_TICKET_CHARACTERS = 256;

/** The body of `POST /v1/session`. */
export const SessionRequest = Type.Object(
  { ticket: Type.String({ minLength: 1, maxLength: MAX_TICKET_CHARACTERS }) },
  { additionalProperties: false },
);

/** Opens and ends the sessions of services, and finds the one that a request shows. */
export class SessionRoutes {
  readonly #office: TicketOffice;
  readonly #sessions: ServiceSessions;
  readonly #maxBytes: number;

  constructor(office: TicketOffice, sessions: ServiceSessions, maxBytes: number) {
    this.#office = office;
    this.#sessions = sessions;
    this.#maxBytes = maxBytes;
  }

  /** `POST /v1/session`: a ticket of a service, for a token. */
  async open(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readJsonBody(request, this.#maxBytes);
    if (!Value.Check(SessionRequest, body))
      throw new HttpError(
        400,
        'bad-request',
        'Expected {"ticket": "…"}, the ticket that the relay answered by Matrix.',
      );
    const who = this.#office.takeService(body.ticket);
    if (who === null) throw unauthenticated('The ticket does not hold. Ask for a new one.');
    const opened = this.#sessions.open(who);
    if (opened === null)
      throw new HttpError(503, 'busy', 'Too many sessions are open; try again in a minute.', {
        'retry-after': '60',
      });
    const { token, session } = opened;
    replyJson(response, 201, {
      token,
      expires_ms: session.expiresMs,
      user_id: session.user,
      room_id: session.room,
    });
  }

  /** `DELETE /v1/session`: the token is void from now on. */
  end(request: IncomingMessage, response: ServerResponse): void {
    this.#sessions.end(tokenOf(request));
    response.writeHead(204).end();
  }

  /** @throws HttpError 401 for a token that is missing, unknown, expired or revoked: the same answer for all */
  sessionOf(request: IncomingMessage): ServiceSession {
    const session = this.#sessions.find(tokenOf(request));
    if (session === null)
      throw unauthenticated('The session token does not hold. Exchange a new ticket at POST /v1/session.');
    return session;
  }
}

/** The token of `Authorization: Bearer …`; empty where there is none. */
export function tokenOf(request: IncomingMessage): string {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

function unauthenticated(message: string): HttpError {
  return new HttpError(401, 'unauthenticated', message, { 'www-authenticate': 'Bearer' });
}
