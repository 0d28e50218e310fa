import { forgetOldest, HybridClock, newActorId, type RandomBytes, type Stamp, type UserId } from '@weft/core';
import { RateBudget } from '../server/rate-budget.ts';
import { MAX_REMEMBERED_USERS, type ServiceLimits } from './service-limits.ts';

/** What is remembered of one user of services. */
export interface ServiceUser {
  readonly budget: RateBudget;
  readonly clock: HybridClock;
}

export interface ServiceUsersOptions {
  readonly limits: Pick<ServiceLimits, 'requestsPerSecond' | 'requestBurst'>;
  /** Milliseconds since 1970, corrected by the server's clock. */
  readonly now: () => number;
  readonly random: RandomBytes;
}

/** The users whose programs asked lately: each writes under one actor, and has one budget. */
export class ServiceUsers {
  readonly #options: ServiceUsersOptions;
  readonly #users = new Map<string, ServiceUser>();

  constructor(options: ServiceUsersOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#users.size;
  }

  /** Of too many, those who have not asked for longest are forgotten. */
  of(user: UserId): ServiceUser {
    const known = this.#users.get(user) ?? this.#make();
    this.#users.delete(user);
    this.#users.set(user, known);
    forgetOldest(this.#users, MAX_REMEMBERED_USERS);
    return known;
  }

  #make(): ServiceUser {
    const { limits, now, random } = this.#options;
    const { requestsPerSecond: perSecond, requestBurst: burst } = limits;
    return {
      budget: new RateBudget({ perSecond, burst, now }),
      clock: new HybridClock({ actor: newActorId(random), now }),
    };
  }
}

/** The stamps of a user's services: later than all that the world has seen. */
export function clockAbove(
  { clock }: ServiceUser,
  latest: Stamp['time'] | null,
): { readonly actor: HybridClock['actor']; issue(): Stamp } {
  return {
    actor: clock.actor,
    issue: () => {
      if (latest !== null) clock.observe(latest);
      return clock.issue();
    },
  };
}
