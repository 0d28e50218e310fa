import type { ActorId } from '@weft/core';
import type { PeerBody, PeerProblem, WirePatch } from '@weft/protocol';

/** Messages with patches that wait for one device; what is beyond goes with the room alone. */
export const MAX_PEER_QUEUE = 64;
/** Refusals that wait for one device; of more the oldest are not told. */
const MAX_WAITING_REFUSALS = 8;

/** A part of what this client wrote, or took back. */
export type PeerPart = { readonly kind: 'patch' | 'retract'; readonly patch: WirePatch };

interface Refusal {
  readonly of: number;
  readonly problems: readonly PeerProblem[];
}

/** What one device is still to be told, and in which order: who this is, what was not taken in, edits, and that it is there. */
export class Outgoing {
  readonly #actor: ActorId;
  #hello = false;
  /** The number of the greeting that is to be answered. */
  #asked: number | null = null;
  #here = false;
  #refusals: Refusal[] = [];
  #parts: PeerPart[] = [];
  #needsAll = false;
  #n = 0;

  /** @param actor of this client */
  constructor(actor: ActorId) {
    this.#actor = actor;
  }

  /** Whether it has to be told all that this client wrote and the room does not hold. */
  get needsAll(): boolean {
    return this.#needsAll;
  }

  /** Says who this is, and asks for what the device's user wrote. */
  greet(): void {
    this.#hello = true;
  }

  /** Answers a greeting: says who this is, and all that this client wrote and the room does not hold. */
  answer(of: number): void {
    this.#asked = of;
    this.tellAll();
  }

  /** Shows that this client is there, unless anything else does. */
  beat(): void {
    this.#here = true;
  }

  refuse(of: number, problems: readonly PeerProblem[]): void {
    this.#refusals.push({ of, problems });
    if (this.#refusals.length > MAX_WAITING_REFUSALS) this.#refusals.shift();
  }

  /** Whatever waits is said anew, from what is true then. */
  tellAll(): void {
    this.#needsAll = true;
    this.#parts = [];
  }

  /** All of it, in place of whatever waited. */
  all(parts: readonly PeerPart[]): void {
    this.#needsAll = false;
    this.#parts = parts.slice(0, MAX_PEER_QUEUE);
  }

  /** One more part; who is to be told all will be told it with the rest. */
  add(part: PeerPart): void {
    if (!this.#needsAll && this.#parts.length < MAX_PEER_QUEUE) this.#parts.push(part);
  }

  /** Whether edits wait that may have been taken back since. */
  get hasParts(): boolean {
    return this.#parts.length > 0;
  }

  /** Nobody listens: what waits is forgotten. */
  clear(): void {
    this.#hello = false;
    this.#asked = null;
    this.#here = false;
    this.#refusals = [];
    this.#parts = [];
    this.#needsAll = false;
  }

  /** What is said next, with its number; `null` where there is nothing to say. */
  next(): (PeerBody & { readonly n: number }) | null {
    const body = this.#body();
    if (body === null) return null;
    this.#here = false;
    return { ...body, n: this.number() };
  }

  /** The number of one more message. */
  number(): number {
    this.#n += 1;
    return this.#n;
  }

  #body(): PeerBody | null {
    if (this.#hello) {
      this.#hello = false;
      return { kind: 'hello', actor: this.#actor };
    }
    if (this.#asked !== null) {
      const of = this.#asked;
      this.#asked = null;
      return { kind: 'here', actor: this.#actor, of };
    }
    const refusal = this.#refusals.shift();
    if (refusal !== undefined) return { kind: 'refused', ...refusal };
    const part = this.#parts.shift();
    if (part !== undefined) return part;
    return this.#here ? { kind: 'here', actor: this.#actor, of: null } : null;
  }
}
