import { type ActorId, forgetOldest } from '@weft/core';
import type { PeerBody } from '@weft/protocol';
import { FloodGate } from './flood-gate.ts';
import { Outgoing } from './outgoing.ts';
import type { PeerDevice } from './peer-mail.ts';

/** How long a peer may say nothing until it is taken for gone. */
export const PEER_SILENCE_MS = 60_000;
/** How often a peer is told that this client is there, where there is nothing else to say. */
export const PEER_BEAT_MS = 20_000;
/** How often one that is gone is asked whether it is there again. */
export const PEER_KNOCK_MS = 300_000;
/** How soon after a question for what was missed another one may follow. */
export const PEER_ASK_MS = 5_000;

/** Runs of one device of which the numbers are known; of more the oldest are forgotten. */
const MAX_RUNS = 8;

/** One device of somebody else, as this client knows it. */
export class Peer {
  readonly outgoing: Outgoing;
  /** Whether it has still to be greeted: it is new, runs anew, or was gone. */
  isNew = true;
  #device: PeerDevice;
  #actor: ActorId | null = null;
  readonly #actors = new Set<ActorId>();
  readonly #gate: FloodGate;
  readonly #numbers = new Map<string, number>();
  #isHere = true;
  #heardAtMs: number;
  #sentAtMs = Number.NEGATIVE_INFINITY;
  #askedAtMs = Number.NEGATIVE_INFINITY;
  /** The number of the hello that it did not answer yet. */
  #unanswered: number | null = null;
  #level = Number.POSITIVE_INFINITY;
  /** Whether it said something that did not come. */
  #hasMissed = false;

  /** @param own the actor of this client */
  constructor(device: PeerDevice, own: ActorId, nowMs: number) {
    this.#device = device;
    this.outgoing = new Outgoing(own);
    this.#gate = new FloodGate(nowMs);
    this.#heardAtMs = nowMs;
  }

  get device(): PeerDevice {
    return this.#device;
  }

  /** Who it is in this run; `null` until it said so. */
  get actor(): ActorId | null {
    return this.#actor;
  }

  /** Whether it is told anything: it spoke not long ago, or is new. */
  get isHere(): boolean {
    return this.#isHere;
  }

  /** Whether it said registers of this actor: its own, of this run or an earlier one. */
  standsFor(actor: ActorId): boolean {
    return this.#actors.has(actor);
  }

  said(actor: ActorId): void {
    this.#actors.add(actor);
  }

  introduced(actor: ActorId): void {
    this.#actor = actor;
  }

  /** The room says something else of the device: where another run is on it, that knows nothing yet. */
  update(device: PeerDevice, nowMs: number): void {
    const isAnother = device.memberIds.some((id) => !this.#device.memberIds.includes(id));
    this.#device = device;
    if (!isAnother) return;
    this.#actor = null;
    this.isNew = true;
    this.heard(nowMs);
  }

  /** @returns whether a message of it is listened to */
  takes(nowMs: number): boolean {
    return this.#gate.takes(nowMs);
  }

  /** It spoke. */
  heard(nowMs: number): void {
    if (!this.#isHere) this.isNew = true;
    this.#heardAtMs = nowMs;
    this.#isHere = true;
  }

  /** Says hello, and all that this client wrote and the room does not hold. */
  greet(): void {
    this.isNew = false;
    this.outgoing.greet();
    this.outgoing.tellAll();
  }

  /** It left, or says nothing any more. */
  leave(): void {
    this.#isHere = false;
    this.outgoing.clear();
  }

  sent({ kind, n }: { readonly kind: PeerBody['kind']; readonly n: number }, nowMs: number): void {
    this.#sentAtMs = nowMs;
    if (kind !== 'hello') return;
    this.#unanswered = n;
    this.#askedAtMs = nowMs;
    this.#hasMissed = false;
  }

  /** It answers a hello: whatever is missing from now on has a number. */
  answered(of: number): void {
    if (this.#unanswered !== null && of >= this.#unanswered) this.#unanswered = null;
  }

  /** What its user may do in the room. Who may do more is asked again for what was not taken before. */
  ranks(level: number): void {
    if (level > this.#level) this.#hasMissed = true;
    this.#level = level;
  }

  /** Something that it said did not come. */
  missed(): void {
    this.#hasMissed = true;
  }

  /** Counts a message. `late` where it, or one after it, came before; `gap` where others before it did not. */
  count(memberId: string, n: number): 'next' | 'late' | 'gap' {
    const last = this.#numbers.get(memberId);
    if (last !== undefined && n <= last) return 'late';
    this.#numbers.delete(memberId);
    this.#numbers.set(memberId, n);
    forgetOldest(this.#numbers, MAX_RUNS);
    return last === undefined || n === last + 1 ? 'next' : 'gap';
  }

  /** Asks for what was missed, or was asked for in vain, unless it was asked just now. */
  ask(nowMs: number): void {
    if (!this.#hasMissed && this.#unanswered === null) return;
    if (Math.abs(nowMs - this.#askedAtMs) >= PEER_ASK_MS) this.outgoing.greet();
  }

  /** Time passes. @returns whether it is gone from now on */
  beat(nowMs: number): boolean {
    const quietMs = Math.abs(nowMs - this.#sentAtMs);
    if (this.#isHere && nowMs - this.#heardAtMs >= PEER_SILENCE_MS) {
      this.leave();
      return true;
    }
    if (this.#isHere) this.ask(nowMs);
    if (this.#isHere && quietMs >= PEER_BEAT_MS) this.outgoing.beat();
    else if (!this.#isHere && quietMs >= PEER_KNOCK_MS) this.outgoing.greet();
    return false;
  }
}
