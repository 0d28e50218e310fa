import type { ObjectId, Stop, Timers } from '@weft/core';
import type { LeaseAnswer, LeaseDown, LeaseHandUp, LeaseUp } from '@weft/protocol';
import type { LanePerson, Lease, LeaseChange } from '../channel.ts';

/** How long a relay may take to answer; then the lease is not had. */
export const LEASE_ANSWER_MS = 5_000;
const NOBODY = 0;

export interface LeasesOptions {
  readonly timers: Timers;
  /** To this client's relay, with the next number; `false` where none is live. */
  readonly send: (make: (n: number) => LeaseUp | LeaseHandUp) => boolean;
  /** A time of the relay's clock by the local one. */
  readonly localMs: (relayMs: number) => number;
  readonly person: (session: number) => LanePerson | null;
  readonly isSelf: (session: number) => boolean;
  readonly changed: (change: LeaseChange) => void;
}

interface Asked {
  /** What it was about. */
  readonly object: ObjectId;
  readonly answer: (answer: LeaseAnswer | null) => void;
  readonly stop: Stop;
}

interface Held {
  readonly fence: number;
  readonly priority: number;
  readonly stop: Stop;
}

interface Question {
  readonly object: ObjectId;
  readonly make: (n: number) => LeaseUp | LeaseHandUp;
}

/** What this client holds of objects at its relay. A lease is renewed by itself, and lost with the relay. */
export class Leases {
  readonly #options: LeasesOptions;
  readonly #asked = new Map<number, Asked>();
  readonly #held = new Map<ObjectId, Held>();
  /** Which session holds what, as far as was told. */
  readonly #holders = new Map<ObjectId, number>();

  constructor(options: LeasesOptions) {
    this.#options = options;
  }

  take(object: ObjectId, priority: number): Promise<Lease | null> {
    return new Promise((resolve) => {
      this.#ask(leaseUp(object, 'take', priority), (answer) => {
        resolve(answer?.ok === true ? this.#hold(object, priority, answer) : null);
      });
    });
  }

  release(object: ObjectId): void {
    const held = this.#held.get(object);
    if (held === undefined) return;
    held.stop();
    this.#held.delete(object);
    this.#ask(leaseUp(object, 'release', held.priority), () => undefined);
  }

  holderOf(object: ObjectId): LanePerson | null {
    const holder = this.#holders.get(object);
    return holder === undefined ? null : this.#options.person(holder);
  }

  /** @returns whether the other one has it now */
  handOver(object: ObjectId, to: number): Promise<boolean> {
    return new Promise((resolve) => {
      const make = (n: number): LeaseHandUp => ({ type: 'lease-hand-up', n, object, to });
      this.#ask({ object, make }, (answer) => resolve(answer?.ok === true && answer.holder === to));
    });
  }

  answered(answer: LeaseAnswer): void {
    const asked = this.#asked.get(answer.n);
    if (asked === undefined) return;
    this.#asked.delete(answer.n);
    asked.stop();
    this.#note(asked.object, answer.holder);
    asked.answer(answer);
  }

  /** Somebody holds an object, or nobody any more. */
  told({ object, holder, fence, expiresMs }: LeaseDown): void {
    const { changed, person, isSelf } = this.#options;
    const own = isSelf(holder);
    const held = this.#held.get(object);
    this.#note(object, holder);
    const handed = own && held === undefined && !this.#isAsking(object);
    if (handed) {
      // Handed over by somebody: it is kept like one that was asked for.
      this.#hold(object, 0, { fence, expiresMs });
      this.#renew(object, 0);
    }
    if (!own && held !== undefined && fence >= held.fence) {
      held.stop();
      this.#held.delete(object);
    }
    changed({ object, holder: person(holder), own, handed, fence });
  }

  /** The relay is gone, and every lease with it. */
  lost(): void {
    for (const [, { answer, stop }] of [...this.#asked]) {
      stop();
      answer(null);
    }
    this.#asked.clear();
    this.#holders.clear();
    for (const [object, { fence }] of [...this.#held]) this.#drop(object, fence);
  }

  #note(object: ObjectId, holder: number): void {
    if (holder === NOBODY) this.#holders.delete(object);
    else this.#holders.set(object, holder);
  }

  #isAsking(object: ObjectId): boolean {
    for (const asked of this.#asked.values()) if (asked.object === object) return true;
    return false;
  }

  #hold(object: ObjectId, priority: number, lease: Pick<LeaseAnswer, 'fence' | 'expiresMs'>): Lease {
    const { fence, expiresMs } = lease;
    const { timers, localMs } = this.#options;
    const endMs = localMs(expiresMs);
    const leftMs = Math.max(0, endMs - timers.now());
    this.#held.get(object)?.stop();
    const stopEnd = timers.after(leftMs, () => this.#drop(object, fence));
    const stopRenewal = timers.after(leftMs / 2, () => this.#renew(object, priority));
    const stop = (): void => {
      stopEnd();
      stopRenewal();
    };
    this.#held.set(object, { fence, priority, stop });
    return { object, fence, expiresMs: endMs };
  }

  #renew(object: ObjectId, priority: number): void {
    this.#ask(leaseUp(object, 'renew', priority), (answer) => {
      const held = this.#held.get(object);
      if (answer === null || held === undefined) return;
      if (answer.ok) this.#hold(object, priority, answer);
      else this.#drop(object, held.fence);
    });
  }

  #drop(object: ObjectId, fence: number): void {
    this.#held.get(object)?.stop();
    if (this.#held.delete(object))
      this.#options.changed({ object, holder: null, own: false, handed: false, fence });
  }

  #ask({ object, make }: Question, answer: Asked['answer']): void {
    const { timers, send } = this.#options;
    const isOut = send((n) => {
      const stop = timers.after(LEASE_ANSWER_MS, () => {
        this.#asked.delete(n);
        answer(null);
      });
      this.#asked.set(n, { object, answer, stop });
      return make(n);
    });
    if (!isOut) answer(null);
  }
}

function leaseUp(object: ObjectId, want: LeaseUp['want'], priority: number): Question {
  return { object, make: (n) => ({ type: 'lease-up', n, object, want, priority }) };
}
