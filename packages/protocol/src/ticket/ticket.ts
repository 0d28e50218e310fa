import { type EventContent, isEventContent } from '@weft/core';
import { MAX_TICKET_CHARACTERS } from '../limits.ts';
import { isRelayUrl } from '../rtc/relay-transport.ts';
import { isBoundedText } from '../text.ts';
import { isNonce } from './nonce.ts';
import { MAX_TICKET_CONTENT_BYTES } from './ticket-request.ts';

/** The to-device event by which a relay lets a client in. */
export const TICKET_EVENT = 'world.weft.ticket';

/** How long a ticket may be good for, in milliseconds. */
export const MAX_TICKET_LIFE_MS = 300_000;

/** What lets one socket in, once. */
export interface TicketMessage {
  /** Of the request. */
  readonly nonce: string;
  readonly ticket: string;
  /** For how long from now on, in milliseconds; at most 5 minutes. */
  readonly expiresMs: number;
  /** The relay's base address as it knows itself, which hello signs. */
  readonly url: string;
}

export function ticketContent({ nonce, ticket, expiresMs, url }: TicketMessage): EventContent {
  return { nonce, ticket, expires_ms: expiresMs, url };
}

/** What a content grants; `null` where it is malformed. Never throws. */
export function readTicket(content: unknown): TicketMessage | null {
  if (!isEventContent(content, MAX_TICKET_CONTENT_BYTES)) return null;
  const { nonce, ticket, expires_ms: expiresMs, url } = content;
  if (!isNonce(nonce) || !isBoundedText(ticket, MAX_TICKET_CHARACTERS) || !isRelayUrl(url)) return null;
  if (typeof expiresMs !== 'number' || !Number.isInteger(expiresMs)) return null;
  if (expiresMs < 0 || expiresMs > MAX_TICKET_LIFE_MS) return null;
  return { nonce, ticket, expiresMs, url };
}
