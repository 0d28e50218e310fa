import { entriesOf, join, type Patch, patchOf, type RegisterEntry, type Stop, type Timers } from '@weft/core';
import type { Ack, LaneLimits, PatchUp, Reject, RejectProblem } from '@weft/protocol';
import type { LaneProblem, LaneReplica } from '../lane-replica.ts';
import { Pace } from './pace.ts';
import { editsOf, registersOf, within, without } from './patches.ts';
import { type PatchPart, splitPatch } from './split-patch.ts';

/** Own patches that are on their way at once; more wait for an answer. */
export const MAX_IN_FLIGHT = 64;
/** Edits that wait by themselves; beyond that it is asked what is not held, which is never more than there is. */
export const MAX_QUEUED_EDITS = 1_000;
/** Objects of edits that go as one frame because they wait together. */
export const MAX_PACKED_OBJECTS = 500;

/** A relay's own bounds: it does not carry the edit, which travels with the room alone. */
const PASSED_OVER: ReadonlySet<string> = new Set(['limit', 'not-kept']);

export interface OutboxOptions {
  readonly replica: Pick<LaneReplica, 'sent' | 'hold' | 'refuse' | 'unheld'>;
  readonly timers: Timers;
  /** Gives the frame its number. @returns whether it went out */
  readonly send: (make: (n: number) => PatchUp) => boolean;
}

interface Waiting {
  readonly edit: Patch;
  /** Whether it has to go by itself, since it was refused together with others. */
  readonly isAlone: boolean;
}

/** What goes as one frame, and of which edits it is. */
interface Load extends PatchPart {
  readonly edits: readonly Patch[];
}

/**
 * Own edits on their way to one relay. While it is open, what the replica shows and no relay keeps goes out, in order, within
 * what the relay allows; what is kept is said to be held, what is refused leaves the scene. Edits that waited together go
 * together; where that is refused each goes by itself, so that none falls for another.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #pace: Pace | null = null;
  /** Whether the replica has to be asked what else is not held. */
  #rest = false;
  #queue: Waiting[] = [];
  #loads: Load[] = [];
  readonly #sent = new Map<number, Load>();
  /** What this relay does not carry, or no frame of the lane. */
  #passedOver: Patch[] = [];
  #stopTimer: Stop | null = null;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Patches that are not answered yet. */
  get inFlight(): number {
    return this.#sent.size;
  }

  get isOpen(): boolean {
    return this.#pace !== null;
  }

  /** From now on edits go here, what is not held first. */
  open(limits: LaneLimits): void {
    this.#pace = new Pace(limits, () => this.#options.timers.now());
    this.#refill();
    this.#pump();
  }

  /** From now on edits go elsewhere; what is on its way may still be answered. */
  close(): void {
    this.#pace = null;
    this.#stopTimer?.();
    this.#stopTimer = null;
    this.#queue = [];
    this.#loads = [];
  }

  /** The socket is gone: nothing will be answered. */
  lost(): void {
    this.close();
    this.#sent.clear();
    this.#passedOver = [];
  }

  /** One more edit, which the replica shows by the end of this turn. */
  add(edit: Patch): void {
    if (this.#pace === null) return;
    this.#queue.push({ edit, isAlone: false });
    if (this.#queue.length > MAX_QUEUED_EDITS) this.#refill();
    this.#pump();
  }

  /** Something that may wait here is not wanted any more. */
  renew(): void {
    if (this.#pace === null) return;
    this.#refill();
    this.#pump();
  }

  acked({ n }: Ack): void {
    const sent = this.#sent.get(n);
    this.#sent.delete(n);
    if (sent !== undefined) this.#options.replica.hold(registersOf(sent.patch));
    this.#pump();
  }

  rejected({ n, problems }: Reject): void {
    const sent = this.#sent.get(n);
    this.#sent.delete(n);
    if (sent !== undefined) this.#refused(sent, problems);
    this.#pump();
  }

  #refused({ patch, edits }: Load, problems: readonly RejectProblem[]): void {
    if (edits.length > 1) {
      const alone = edits.map((edit) => ({ edit: within(edit, patch.objects), isAlone: true }));
      this.#queue.unshift(...alone.filter(({ edit }) => edit.objects.size > 0));
    } else if (problems.length > 0 && problems.every(({ code }) => PASSED_OVER.has(code))) {
      this.#passedOver.push(patch);
    } else {
      // Of what went out again the last answer counts.
      const refused = without(patch, [this.#underWay()]);
      this.#options.replica.refuse(registersOf(refused), problems.map(problemOf));
      // What it had replaced may be pending again.
      this.#rest = true;
    }
  }

  /** Begins anew with what is not held and not on its way. */
  #refill(): void {
    this.#queue = [];
    this.#loads = [];
    this.#rest = true;
  }

  #pump(): void {
    if (this.#stopTimer !== null) return;
    for (;;) {
      if (this.#pace === null || this.#sent.size >= MAX_IN_FLIGHT) return;
      const load = this.#loads[0] ?? this.#prepare();
      if (load === undefined) return;
      const waitMs = this.#pace.waitMs(load.wire.length);
      if (waitMs > 0) {
        this.#later(waitMs);
        return;
      }
      this.#loads.shift();
      this.#pace.take(load.wire.length);
      const isOut = this.#options.send((n) => {
        this.#sent.set(n, load);
        return { type: 'patch-up', n, patch: load.wire };
      });
      if (!isOut) {
        this.lost();
        return;
      }
      this.#options.replica.sent(registersOf(load.patch));
    }
  }

  #later(ms: number): void {
    this.#stopTimer = this.#options.timers.after(ms, () => {
      this.#stopTimer = null;
      this.#pump();
    });
  }

  /** Makes frames of what waits next. */
  #prepare(): Load | undefined {
    for (;;) {
      if (this.#queue.length === 0 && this.#rest) {
        this.#rest = false;
        const unsent = without(this.#options.replica.unheld(), [...this.#passedOver, this.#underWay()]);
        this.#queue = editsOf(unsent).map((edit) => ({ edit, isAlone: false }));
      }
      if (this.#queue.length === 0) return undefined;
      const edits = this.#take();
      const together = edits.reduce(join);
      const { parts, tooLarge } = splitPatch(together);
      if (tooLarge.length > 0) this.#passedOver.push(within(together, new Set(tooLarge)));
      for (const { patch, wire } of parts) this.#loads.push({ patch, wire, edits });
      if (this.#loads[0] !== undefined) return this.#loads[0];
    }
  }

  /** The next edits that go together. */
  #take(): readonly Patch[] {
    const taken: Patch[] = [];
    let objects = 0;
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      objects += next.edit.objects.size;
      if (taken.length > 0 && (next.isAlone || objects > MAX_PACKED_OBJECTS)) break;
      taken.push(next.edit);
      this.#queue.shift();
      if (next.isAlone) break;
    }
    return taken;
  }

  /** Of each property what was sent last: what was sent before is replaced there, whatever becomes of that. */
  #underWay(): Patch {
    const last = new Map<string, RegisterEntry>();
    for (const { patch } of this.#sent.values())
      for (const entry of entriesOf(patch)) last.set(`${entry.id} ${entry.path}`, entry);
    return patchOf({ registers: last.values() });
  }
}

function problemOf({ winner, ...problem }: RejectProblem): LaneProblem {
  if (winner === null) return { ...problem, winner };
  const { value, time, actor } = winner;
  return { ...problem, winner: { value, stamp: { time, actor } } };
}
