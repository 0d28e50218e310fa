import type { UserId } from '@weft/core';
import type { TicketAnswer, TicketRequest } from '../../src/admission/ticket-office.ts';

/** What a test can ask of the relay that it attacks, beside what any stranger can. */
export type RelayCall =
  | { readonly call: 'ticket'; readonly request: TicketRequest }
  | { readonly call: 'kick'; readonly user: UserId }
  /** Resident bytes, after a collection. */
  | { readonly call: 'memory' }
  /** How many frames of clients reached a room. */
  | { readonly call: 'applied' }
  /** How long, in microseconds, requests for tickets took: medians of so many of each kind. */
  | { readonly call: 'ticketTimes'; readonly requests: readonly TicketRequest[]; readonly rounds: number };

export type RelayValue = TicketAnswer | number | readonly number[] | null;

export interface RelayAnswer {
  readonly id: number;
  readonly value: RelayValue;
}

/** What the process says first. */
export interface RelayReady {
  readonly port: number;
}
