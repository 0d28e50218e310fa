import { type EventContent, isEventContent } from '@weft/core';
import { MAX_MESSAGE_CHARACTERS } from '../limits.ts';
import { isBoundedText } from '../text.ts';
import { isNonce } from './nonce.ts';
import { MAX_TICKET_CONTENT_BYTES } from './ticket-request.ts';

/** The to-device event by which a relay lets a client not in. */
export const TICKET_REFUSED_EVENT = 'world.weft.ticket_refused';

/**
 * Why a relay gives no ticket. Whether a room is unknown to it or not open to who asks is one answer, so that nobody learns
 * by asking which rooms there are.
 */
export const TICKET_REFUSAL_CODES = ['forbidden', 'unknown-world', 'busy', 'draining', 'malformed'] as const;
export type TicketRefusalCode = (typeof TICKET_REFUSAL_CODES)[number];

export interface TicketRefusedMessage {
  /** Of the request. */
  readonly nonce: string;
  readonly code: TicketRefusalCode;
  /** For people. */
  readonly reason: string;
}

export function ticketRefusedContent({ nonce, code, reason }: TicketRefusedMessage): EventContent {
  return { nonce, code, reason };
}

/** What a content says; a code of a later version reads as `forbidden`. `null` where it is malformed. Never throws. */
export function readTicketRefused(content: unknown): TicketRefusedMessage | null {
  if (!isEventContent(content, MAX_TICKET_CONTENT_BYTES)) return null;
  const { nonce, code, reason } = content;
  if (!isNonce(nonce) || typeof code !== 'string') return null;
  return {
    nonce,
    code: TICKET_REFUSAL_CODES.find((known) => known === code) ?? 'forbidden',
    reason: isBoundedText(reason, MAX_MESSAGE_CHARACTERS) ? reason : 'The relay gives no reason.',
  };
}
