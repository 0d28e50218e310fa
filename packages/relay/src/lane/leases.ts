import type { ObjectId, Stop, Timers } from '@weft/core';
import type { Session } from '@weft/protocol';
import { Forfeits } from './forfeits.ts';
import type { RoomLimits } from './room-limits.ts';

/** The right of one socket to move an object, for a while. */
export interface Lease {
  readonly object: ObjectId;
  readonly holder: Session;
  readonly priority: number;
  /** Grows with each lease of this run. */
  readonly fence: number;
  readonly expiresMs: number;
}

export interface LeasesOptions {
  readonly limits: Pick<RoomLimits, 'leaseMs' | 'maxLeases' | 'maxLeasesPerSession'>;
  readonly timers: Timers;
  /** An object has another holder, or `null` for none. */
  readonly onChange: (object: ObjectId, lease: Lease | null) => void;
}

/** Who may move what: one holder an object, the first come, unless a greater priority takes it. */
export class Leases {
  readonly #options: LeasesOptions;
  readonly #leases = new Map<ObjectId, Lease>();
  readonly #forfeits: Forfeits;
  #fence = 0;
  #stop: Stop | null = null;

  constructor(options: LeasesOptions) {
    this.#options = options;
    this.#forfeits = new Forfeits(options.timers.now, options.limits.leaseMs);
  }

  of(object: ObjectId): Lease | null {
    const lease = this.#leases.get(object);
    return lease === undefined || lease.expiresMs <= this.#options.timers.now() ? null : lease;
  }

  /** Whether this socket must not move the object: somebody else does, or did since it lost its lease and does not know yet. */
  isBarred(session: Session | 0, object: ObjectId): boolean {
    const held = this.of(object);
    return held === null ? this.#forfeits.has(session, object) : held.holder !== session;
  }

  all(): Lease[] {
    return [...this.#leases.keys()].flatMap((object) => this.of(object) ?? []);
  }

  /** @returns the lease of the asker; `null` where somebody else holds it, or there are too many */
  take(session: Session, object: ObjectId, priority: number): Lease | null {
    const held = this.of(object);
    if (held !== null && held.holder !== session && held.priority >= priority) return null;
    if (held?.holder === session) return this.#extend(held, priority);
    return this.#isFull(session, held)
      ? null
      : this.#give(session, object, priority, this.#leases.get(object)?.holder ?? null);
  }

  /** Hands a lease over, so that nobody takes it in between. @returns whether the asker held it and the other has room for it */
  handOver(session: Session, object: ObjectId, to: Session): boolean {
    const held = this.of(object);
    if (held?.holder !== session) return false;
    if (to === session) return true;
    if (this.#isFull(to, held)) return false;
    this.#give(to, object, held.priority, null);
    return true;
  }

  /** @returns the lease with its new end; `null` where the asker holds none any more */
  renew(session: Session, object: ObjectId): Lease | null {
    const held = this.of(object);
    return held?.holder === session ? this.#extend(held, held.priority) : null;
  }

  /** @returns whether the asker held it */
  release(session: Session, object: ObjectId): boolean {
    if (this.of(object)?.holder !== session) return false;
    this.#end(object);
    return true;
  }

  /** The socket is gone, and all that it held with it. */
  releaseAll(session: Session): void {
    this.#forfeits.forget(session);
    for (const { object, holder } of [...this.#leases.values()]) if (holder === session) this.#end(object);
  }

  close(): void {
    this.#stop?.();
    this.#stop = null;
    this.#leases.clear();
    this.#forfeits.clear();
  }

  /** @param from who lost it by that, and may not know yet */
  #give(session: Session, object: ObjectId, priority: number, from: Session | null): Lease {
    this.#fence += 1;
    const expiresMs = Math.floor(this.#options.timers.now()) + this.#options.limits.leaseMs;
    const lease: Lease = { object, holder: session, priority, fence: this.#fence, expiresMs };
    this.#forfeits.taken(object, session, from);
    this.#set(lease);
    this.#options.onChange(object, lease);
    return lease;
  }

  #extend(held: Lease, priority: number): Lease {
    const expiresMs = this.#options.timers.now() + this.#options.limits.leaseMs;
    const lease = { ...held, priority, expiresMs };
    this.#set(lease);
    return lease;
  }

  #isFull(session: Session, replaced: Lease | null): boolean {
    const { maxLeases, maxLeasesPerSession } = this.#options.limits;
    if (replaced === null && this.#leases.size >= maxLeases) return true;
    let own = 0;
    for (const { holder } of this.#leases.values()) if (holder === session) own += 1;
    return own >= maxLeasesPerSession;
  }

  #set(lease: Lease): void {
    this.#leases.set(lease.object, lease);
    this.#watch();
  }

  #end(object: ObjectId): void {
    this.#leases.delete(object);
    this.#forfeits.ended(object);
    this.#options.onChange(object, null);
  }

  /** One timer, for whichever ends next. */
  #watch(): void {
    if (this.#stop !== null || this.#leases.size === 0) return;
    const { timers } = this.#options;
    const next = Math.min(...Array.from(this.#leases.values(), ({ expiresMs }) => expiresMs));
    this.#stop = timers.after(next - timers.now(), () => {
      this.#stop = null;
      for (const lease of [...this.#leases.values()])
        if (lease.expiresMs <= timers.now()) {
          this.#forfeits.expired(lease.object, lease.holder);
          this.#end(lease.object);
        }
      this.#watch();
    });
  }
}
