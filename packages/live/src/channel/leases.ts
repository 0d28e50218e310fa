import type { ObjectId, Stop, Timers } from '@weft/core';
import type { LeaseAnswer, LeaseDown, LeaseUp } from '@weft/protocol';
import type { LanePerson, Lease, LeaseChange } from '../channel.ts';

/** How long a relay may take to answer; then the lease is not had. */
export const LEASE_ANSWER_MS = 5_000;

export interface LeasesOptions {
  readonly timers: Timers;
  /** To this client's relay, with the next number; `false` where none is live. */
  readonly send: (make: (n: number) => LeaseUp) => boolean;
  /** A time of the relay's clock by the local one. */
  readonly localMs: (relayMs: number) => number;
  readonly person: (session: number) => LanePerson | null;
  readonly isSelf: (session: number) => boolean;
  readonly changed: (change: LeaseChange) => void;
}

interface Asked {
  readonly answer: (answer: LeaseAnswer | null) => void;
  readonly stop: Stop;
}

interface Held {
  readonly fence: number;
  readonly priority: number;
  readonly stop: Stop;
}

/** What this client holds of objects at its relay. A lease is renewed by itself, and lost with the relay. */
export class Leases {
  readonly #options: LeasesOptions;
  readonly #asked = new Map<number, Asked>();
  readonly #held = new Map<ObjectId, Held>();

  constructor(options: LeasesOptions) {
    this.#options = options;
  }

  take(object: ObjectId, priority: number): Promise<Lease | null> {
    return new Promise((resolve) => {
      this.#ask({ object, want: 'take', priority }, (answer) => {
        resolve(answer?.ok === true ? this.#hold(object, priority, answer) : null);
      });
    });
  }

  release(object: ObjectId): void {
    const held = this.#held.get(object);
    if (held === undefined) return;
    held.stop();
    this.#held.delete(object);
    this.#ask({ object, want: 'release', priority: held.priority }, () => undefined);
  }

  answered(answer: LeaseAnswer): void {
    const asked = this.#asked.get(answer.n);
    if (asked === undefined) return;
    this.#asked.delete(answer.n);
    asked.stop();
    asked.answer(answer);
  }

  /** Somebody holds an object, or nobody any more. */
  told({ object, holder, fence }: LeaseDown): void {
    const { changed, person, isSelf } = this.#options;
    const own = isSelf(holder);
    const held = this.#held.get(object);
    if (!own && held !== undefined && fence >= held.fence) {
      held.stop();
      this.#held.delete(object);
    }
    changed({ object, holder: person(holder), own, fence });
  }

  /** The relay is gone, and every lease with it. */
  lost(): void {
    for (const [, { answer, stop }] of [...this.#asked]) {
      stop();
      answer(null);
    }
    this.#asked.clear();
    for (const [object, { fence }] of [...this.#held]) this.#drop(object, fence);
  }

  #hold(object: ObjectId, priority: number, { fence, expiresMs }: LeaseAnswer): Lease {
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
    this.#ask({ object, want: 'renew', priority }, (answer) => {
      const held = this.#held.get(object);
      if (answer === null || held === undefined) return;
      if (answer.ok) this.#hold(object, priority, answer);
      else this.#drop(object, held.fence);
    });
  }

  #drop(object: ObjectId, fence: number): void {
    this.#held.get(object)?.stop();
    if (this.#held.delete(object)) this.#options.changed({ object, holder: null, own: false, fence });
  }

  #ask(what: Omit<LeaseUp, 'type' | 'n'>, answer: Asked['answer']): void {
    const { timers, send } = this.#options;
    const isOut = send((n) => {
      const stop = timers.after(LEASE_ANSWER_MS, () => {
        this.#asked.delete(n);
        answer(null);
      });
      this.#asked.set(n, { answer, stop });
      return { type: 'lease-up', n, ...what };
    });
    if (!isOut) answer(null);
  }
}
