/** Why a relay gives no ticket: `forbidden` stays until somebody changes something, the others pass. */
export type TicketRefusal = 'forbidden' | 'unknown-world' | 'busy' | 'draining' | 'malformed';

/** A relay answered, and the answer is no. */
export class TicketRefused extends Error {
  override readonly name = 'TicketRefused';
  readonly code: TicketRefusal;

  /** @param reason what the relay says, for people */
  constructor(code: TicketRefusal, reason: string) {
    super(reason);
    this.code = code;
  }
}
