import type { UserId } from '@weft/core';

/** What a secret stands for. */
interface Holding {
  readonly user: UserId;
  readonly room: string;
  readonly expiresMs: number;
}

export interface HoldingsOptions {
  /** In all. */
  readonly most: number;
  readonly mostPerUser: number;
  readonly now: () => number;
}

/** What was given out under secrets, for a while: bounded in all, and by user, so that nobody can crowd out another. */
export class Holdings<T extends Holding> {
  readonly #options: HoldingsOptions;
  /** In the order in which they were given, which is that in which they expire. */
  readonly #held = new Map<string, T>();
  readonly #ofUser = new Map<UserId, Set<string>>();

  constructor(options: HoldingsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#held.size;
  }

  /** One more of a user takes the place of that user's oldest. `false` where there is no room for anybody's. */
  put(secret: string, holding: T): boolean {
    this.#dropExpired();
    const own = this.#ofUser.get(holding.user) ?? new Set<string>();
    const [oldest] = own;
    if (oldest !== undefined && own.size >= this.#options.mostPerUser) this.#drop(oldest);
    if (this.#held.size >= this.#options.most) return false;
    this.#held.set(secret, holding);
    this.#ofUser.set(holding.user, own.add(secret));
    return true;
  }

  /** `null` for what is unknown, was taken, was revoked or has expired. */
  get(secret: string): T | null {
    const holding = this.#held.get(secret);
    return holding !== undefined && holding.expiresMs > this.#options.now() ? holding : null;
  }

  /** As `get`, and nobody gets it again. */
  take(secret: string): T | null {
    const holding = this.get(secret);
    this.#drop(secret);
    return holding;
  }

  /** @returns how many there were */
  revoke(user: UserId, room: string): number {
    const secrets = [...(this.#ofUser.get(user) ?? [])].filter((each) => this.#held.get(each)?.room === room);
    for (const secret of secrets) this.#drop(secret);
    return secrets.length;
  }

  #dropExpired(): void {
    const nowMs = this.#options.now();
    for (const [secret, { expiresMs }] of this.#held) {
      if (expiresMs > nowMs) return;
      this.#drop(secret);
    }
  }

  #drop(secret: string): void {
    const holding = this.#held.get(secret);
    if (holding === undefined) return;
    this.#held.delete(secret);
    const own = this.#ofUser.get(holding.user);
    own?.delete(secret);
    if (own?.size === 0) this.#ofUser.delete(holding.user);
  }
}
