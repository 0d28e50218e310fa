import {
  type ActorId,
  entriesOf,
  forgetOldest,
  isSameRegister,
  type Patch,
  patchOf,
  type RegisterEntry,
  type Stop,
  type Timers,
} from '@weft/core';
import type { Heard } from '../lane/catch-up.ts';

/** Registers of which it is remembered that a relay said them; of more the oldest are forgotten. As many as a relay may hold. */
export const MAX_SOURCED = 262_144;
/** Retractions that are not believed yet, in registers; of more the oldest are let go. */
export const MAX_DISBELIEVED = 16_384;
/** How often they are looked at again, in milliseconds, ... */
export const RECONSIDER_MS = 5_000;
/** ... and for how long: by then an author who moved to that relay has told the room. */
export const DISBELIEVED_MS = 60_000;

export interface SourcesOptions {
  readonly timers: Timers;
  /** What was heard and the room is not known to hold. */
  readonly live: () => Patch;
  /** Whether somebody writes under this actor on this client. */
  readonly isSelf: (actor: ActorId) => boolean;
  /** Whether this is the relay that this client sends to. */
  readonly isOwn: (relay: string) => boolean;
  /** Whether the one user who is said to be this actor tells the room that they send to this relay. */
  readonly isAuthors: (relay: string, actor: ActorId) => boolean;
  /** What was not believed at first is now. */
  readonly takeBack: (relay: string, patch: Patch) => void;
}

interface Disbelieved {
  readonly relay: string;
  readonly entry: RegisterEntry;
  readonly untilMs: number;
}

/**
 * Which relay said what, so that each takes back its own word alone. A retraction is believed where nobody but that relay said
 * the register, where the register's author sends to that relay, and of own registers where it is this client's relay. Any
 * other member's relay could else have everybody drop what all the others wrote.
 */
export class Sources {
  readonly #options: SourcesOptions;
  readonly #said = new Map<string, Map<string, RegisterEntry>>();
  readonly #disbelieved = new Map<string, Disbelieved>();
  #stop: Stop | null = null;

  constructor(options: SourcesOptions) {
    this.#options = options;
  }

  /**
   * A relay says a patch, which nobody heard yet. What the room holds is not its to take back: a file is not remembered. Nor is
   * anything while there is but one relay, whose all of it is.
   */
  said(relay: string, { seq, patch }: Pick<Heard, 'seq' | 'patch'>): void {
    const said = this.#said.get(relay) ?? this.#begin(relay);
    if (this.#said.size > 1 && seq !== null) remember(said, patch);
    if (this.#disbelieved.size === 0) return;
    for (const entry of entriesOf(patch)) this.#disbelieved.delete(`${relay} ${keyOf(entry)}`);
  }

  /** The part of a retraction that counts. The rest may do so later. */
  believed(relay: string, retracted: Patch): Patch {
    const entries = [...entriesOf(retracted)];
    const believed = entries.filter((entry) => this.#believes(relay, entry));
    const rest = new Set(entries).difference(new Set(believed));
    for (const entry of rest) this.#disbelieve(relay, entry);
    return this.#takenBack(relay, believed);
  }

  /** Of registers that these relays do not vouch for any more those that no other one said. */
  unsaidBy(relays: ReadonlySet<string>, entries: readonly RegisterEntry[]): readonly RegisterEntry[] {
    for (const relay of relays) this.#forget(relay, entries);
    return entries.filter((entry) => !this.#isSaid(entry));
  }

  /** The relay is none of this world's any more. */
  gone(relay: string): void {
    this.#said.delete(relay);
  }

  close(): void {
    this.#stop?.();
    this.#stop = null;
    this.#disbelieved.clear();
  }

  #begin(relay: string): Map<string, RegisterEntry> {
    const [first] = this.#said.values();
    if (this.#said.size === 1 && first !== undefined) remember(first, this.#options.live());
    const added = new Map<string, RegisterEntry>();
    this.#said.set(relay, added);
    return added;
  }

  #believes(relay: string, entry: RegisterEntry): boolean {
    const { isSelf, isOwn, isAuthors } = this.#options;
    const { actor } = entry.register.stamp;
    if (isSelf(actor)) return isOwn(relay);
    const isAlone = this.#said.size === 1 && this.#said.has(relay);
    return isAlone || this.#isOnlySaidBy(relay, entry) || isAuthors(relay, actor);
  }

  #isOnlySaidBy(relay: string, entry: RegisterEntry): boolean {
    let isSaid = false;
    for (const [other, said] of this.#said) {
      if (!isIn(said, entry)) continue;
      if (other !== relay) return false;
      isSaid = true;
    }
    return isSaid;
  }

  #isSaid(entry: RegisterEntry): boolean {
    for (const said of this.#said.values()) if (isIn(said, entry)) return true;
    return false;
  }

  #forget(relay: string, entries: readonly RegisterEntry[]): void {
    const said = this.#said.get(relay);
    if (said === undefined) return;
    for (const entry of entries) if (isIn(said, entry)) said.delete(keyOf(entry));
  }

  #takenBack(relay: string, entries: readonly RegisterEntry[]): Patch {
    this.#forget(relay, entries);
    return patchOf({ registers: entries });
  }

  #disbelieve(relay: string, entry: RegisterEntry): void {
    const { timers } = this.#options;
    const key = `${relay} ${keyOf(entry)}`;
    this.#disbelieved.delete(key);
    this.#disbelieved.set(key, { relay, entry, untilMs: timers.now() + DISBELIEVED_MS });
    forgetOldest(this.#disbelieved, MAX_DISBELIEVED);
    this.#stop ??= timers.after(RECONSIDER_MS, () => this.#reconsider());
  }

  #reconsider(): void {
    const { timers, takeBack } = this.#options;
    const nowMs = timers.now();
    const believed = new Map<string, RegisterEntry[]>();
    for (const [key, { relay, entry, untilMs }] of this.#disbelieved) {
      const isBelieved = this.#believes(relay, entry);
      if (isBelieved) groupOf(believed, relay).push(entry);
      if (isBelieved || untilMs <= nowMs) this.#disbelieved.delete(key);
    }
    this.#stop = this.#disbelieved.size === 0 ? null : timers.after(RECONSIDER_MS, () => this.#reconsider());
    for (const [relay, entries] of believed) takeBack(relay, this.#takenBack(relay, entries));
  }
}

function remember(said: Map<string, RegisterEntry>, patch: Patch): void {
  for (const entry of entriesOf(patch)) {
    const key = keyOf(entry);
    said.delete(key);
    said.set(key, entry);
  }
  forgetOldest(said, MAX_SOURCED);
}

// Of each actor the newest: that is what can be shown.
function keyOf({ id, path, register }: RegisterEntry): string {
  return `${id} ${path} ${register.stamp.actor}`;
}

function isIn(said: ReadonlyMap<string, RegisterEntry>, entry: RegisterEntry): boolean {
  return isSameRegister(said.get(keyOf(entry))?.register, entry.register);
}

function groupOf(groups: Map<string, RegisterEntry[]>, relay: string): RegisterEntry[] {
  const known = groups.get(relay) ?? [];
  groups.set(relay, known);
  return known;
}
