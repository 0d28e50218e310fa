import type { TicketRefusalCode } from './ticket-refused.ts';

/** A relay answered a request for a ticket, and the answer is no: `forbidden` until somebody changes something, the others pass. */
export class TicketRefused extends Error {
  override readonly name = 'TicketRefused';
  readonly code: TicketRefusalCode;

  /** @param reason what the relay says, for people */
  constructor(code: TicketRefusalCode, reason: string) {
    super(reason);
    this.code = code;
  }
}
