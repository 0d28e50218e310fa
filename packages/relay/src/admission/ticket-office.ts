import { fromBase64Url, type RandomBytes, toBase64Url, type UserId } from '@weft/core';
import {
  CLOSE_CODES,
  type Hello,
  helloBytes,
  type TicketPurpose,
  type TicketRefusalCode,
  type TicketRequestMessage,
} from '@weft/protocol';
import type { Admitted } from '../lane/admitted.ts';
import { Holdings } from './holdings.ts';

/** Ed25519 (RFC 8032) over bytes, under a raw 32-byte key. Answers `false` to whatever is malformed; never throws. */
export type VerifySignature = (key: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** A request for a ticket. The homeservers vouch for `user`; everything else is what the client says. */
export interface TicketRequest extends TicketRequestMessage {
  readonly user: UserId;
}

export type TicketAnswer =
  /** `expiresMs` from now on. */
  | { readonly ok: true; readonly ticket: string; readonly expiresMs: number; readonly url: string }
  | { readonly ok: false; readonly code: Refusal; readonly reason: string };

// Never `unknown-world`: whoever may not enter a world learns nothing of whether there is one.
type Refusal = Extract<TicketRefusalCode, 'forbidden' | 'malformed' | 'busy'>;

export type Redeemed =
  | { readonly ok: true; readonly admitted: Admitted }
  | { readonly ok: false; readonly closeCode: number; readonly reason: string };

export interface TicketLimits {
  /** How long a ticket is good, in milliseconds. */
  readonly ticketMs: number;
  readonly tickets: number;
  readonly ticketsPerUser: number;
}

export interface TicketOfficeOptions {
  /** What clients sign as the relay's address. */
  readonly url: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly verify: VerifySignature;
  /** Whether this user may enter this world right now. Asked alike for worlds that the relay does not know. */
  readonly mayEnter: (room: string, user: UserId, purpose: TicketPurpose) => boolean;
  readonly limits: TicketLimits;
}

interface Grant extends TicketRequest {
  readonly keyBytes: Uint8Array | null;
  /** Milliseconds since the epoch. */
  readonly expiresMs: number;
}

const TICKET_BYTES = 32;
const KEY_BYTES = 32;

const REASONS: Readonly<Record<Refusal, string>> = {
  forbidden: 'You are not in this world, or this relay does not serve it.',
  malformed: 'The session key is not 32 bytes in base64url, or there is one where none belongs.',
  busy: 'Too many tickets are waiting to be used; ask again in a minute.',
};

// One answer to all: whoever guesses learns nothing of what was wrong.
const UNAUTHENTICATED: Redeemed = {
  ok: false,
  closeCode: CLOSE_CODES.unauthenticated,
  reason: 'The ticket or the signature does not hold. Ask for a new ticket.',
};
const FORBIDDEN: Redeemed = {
  ok: false,
  closeCode: CLOSE_CODES.forbidden,
  reason: 'You may not enter this world.',
};

/**
 * Gives tickets to those whom the homeservers vouch for, and takes each back once. A ticket is 256 random bits, known
 * to the relay's memory and its owner's device only: a relay that starts again knows none.
 */
export class TicketOffice {
  readonly #options: TicketOfficeOptions;
  readonly #grants: Holdings<Grant>;

  constructor(options: TicketOfficeOptions) {
    this.#options = options;
    const { tickets, ticketsPerUser } = options.limits;
    this.#grants = new Holdings({ most: tickets, mostPerUser: ticketsPerUser, now: options.now });
  }

  /** Tickets that were given and not shown yet, the stale among them until the next one is given. */
  get outstanding(): number {
    return this.#grants.size;
  }

  /** An unknown world and a forbidden one get the same answer by the same steps. */
  issue(request: TicketRequest): TicketAnswer {
    const { now, random, mayEnter, limits, url } = this.#options;
    const keyBytes = request.key === null ? null : (fromBase64Url(request.key) ?? null);
    const isBound = request.purpose === 'service' ? request.key === null : keyBytes?.length === KEY_BYTES;
    const isAllowed = mayEnter(request.room, request.user, request.purpose);
    if (!isBound) return refused('malformed');
    if (!isAllowed) return refused('forbidden');
    const ticket = toBase64Url(random(TICKET_BYTES));
    const grant = { ...request, keyBytes, expiresMs: now() + limits.ticketMs };
    if (!this.#grants.put(ticket, grant)) return refused('busy');
    return { ok: true, ticket, expiresMs: limits.ticketMs, url };
  }

  /**
   * Takes a ticket from a hello. Whatever comes of it, the ticket is used up: one that was shown with a wrong
   * signature was stolen, or its owner has lost the key.
   */
  redeem(hello: Hello): Redeemed {
    const { url, verify, mayEnter } = this.#options;
    const grant = this.#grants.take(hello.ticket);
    if (grant === null || grant.purpose !== 'lane' || grant.keyBytes === null) return UNAUTHENTICATED;
    if (grant.room !== hello.room || grant.nonce !== hello.nonce) return UNAUTHENTICATED;
    const signed = helloBytes({ ticket: hello.ticket, nonce: hello.nonce, url, room: hello.room });
    if (!verify(grant.keyBytes, signed, hello.signature)) return UNAUTHENTICATED;
    // Between the ticket and the hello a kick may have come.
    if (!mayEnter(grant.room, grant.user, grant.purpose)) return FORBIDDEN;
    const { user, device, memberId } = grant;
    return { ok: true, admitted: { user, device, memberId, hello } };
  }

  /** Takes the ticket of a service; `null` where it does not hold. Used up like any other. */
  takeService(
    ticket: string,
  ): { readonly user: UserId; readonly device: string; readonly room: string } | null {
    const grant = this.#grants.take(ticket);
    if (grant === null || grant.purpose !== 'service') return null;
    const { user, device, room } = grant;
    return this.#options.mayEnter(room, user, 'service') ? { user, device, room } : null;
  }

  /** The tickets of a user for a world are void from now on: kicked, banned, left. */
  revoke(user: UserId, room: string): void {
    this.#grants.revoke(user, room);
  }
}

function refused(code: Refusal): TicketAnswer {
  return { ok: false, code, reason: REASONS[code] };
}
