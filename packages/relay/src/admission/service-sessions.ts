import { type RandomBytes, toBase64Url, type UserId } from '@weft/core';
import { Holdings } from './holdings.ts';

/** Who a service is, in which world, and until when. */
export interface ServiceSession {
  readonly user: UserId;
  readonly device: string;
  readonly room: string;
  /** Milliseconds since the epoch. */
  readonly expiresMs: number;
}

export interface ServiceSessionsOptions {
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly limits: {
    readonly sessionMs: number;
    readonly sessions: number;
    readonly sessionsPerUser: number;
  };
}

const TOKEN_BYTES = 32;

/** The sessions of programs that speak HTTP: each opened with one ticket, good for one world, at most an hour. */
export class ServiceSessions {
  readonly #options: ServiceSessionsOptions;
  readonly #sessions: Holdings<ServiceSession>;

  constructor(options: ServiceSessionsOptions) {
    this.#options = options;
    const { sessions, sessionsPerUser } = options.limits;
    this.#sessions = new Holdings({ most: sessions, mostPerUser: sessionsPerUser, now: options.now });
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** `null` where there is no room for one more. */
  open(
    who: Omit<ServiceSession, 'expiresMs'>,
  ): { readonly token: string; readonly session: ServiceSession } | null {
    const { now, random, limits } = this.#options;
    const token = toBase64Url(random(TOKEN_BYTES));
    const session = { ...who, expiresMs: now() + limits.sessionMs };
    return this.#sessions.put(token, session) ? { token, session } : null;
  }

  /** `null` for a token that is unknown, expired or revoked. */
  find(token: string): ServiceSession | null {
    return this.#sessions.get(token);
  }

  /** Ends one session; does nothing where there is none. */
  end(token: string): void {
    this.#sessions.take(token);
  }

  /** Ends the sessions of a user in a world. */
  revoke(user: UserId, room: string): void {
    this.#sessions.revoke(user, room);
  }
}
