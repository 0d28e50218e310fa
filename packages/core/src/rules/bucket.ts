import type { ObjectId } from '../ids.ts';
import { compareUtf8 } from '../value/utf8.ts';

/** One object as a rule counts it. */
export interface Entry<Node> {
  readonly node: Node;
  readonly id: ObjectId;
  readonly created: number;
  readonly sealed: boolean;
  readonly bucket: Bucket<Node>;
  /** Whether it is beyond what the rule allows. */
  lost: boolean;
  /** Its place among the others while they have no order. */
  at: number;
}

const NONE: readonly never[] = [];

/** Changes up to this many are made one by one; more of them are merged in, at the cost of the whole bucket. */
const MAX_SINGLE_CHANGES = 16;

/**
 * The order in which objects take the places that a rule gives: what is sealed, then the earlier made, then by id. Whoever
 * comes later is suspended.
 */
export function compareEntries(
  a: { readonly id: ObjectId; readonly created: number; readonly sealed: boolean },
  b: { readonly id: ObjectId; readonly created: number; readonly sealed: boolean },
): number {
  return Number(b.sealed) - Number(a.sealed) || a.created - b.created || compareUtf8(a.id, b.id);
}

/** The objects that a rule counts together. In order only once there have been too many, or somebody asked for it. */
export class Bucket<Node> {
  readonly key: string;
  readonly #capacity: number;
  #entries: Entry<Node>[] = [];
  #isSorted = false;

  constructor(key: string, capacity: number) {
    this.key = key;
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** The first few of those that are within what the rule allows. */
  winners(most: number): readonly Entry<Node>[] {
    this.#sort();
    return this.#entries.slice(0, Math.min(most, this.#capacity));
  }

  /** Takes objects out and in; the entries whose `lost` is another than before, those that were taken out excepted. */
  change(removed: readonly Entry<Node>[], added: readonly Entry<Node>[]): readonly Entry<Node>[] {
    if (!this.#isSorted && this.size - removed.length + added.length <= this.#capacity) {
      for (const entry of removed) this.#takeOut(entry);
      for (const entry of added) entry.at = this.#entries.push(entry) - 1;
      return NONE;
    }
    this.#sort();
    const before = new Map<Entry<Node>, boolean>();
    const set = (entry: Entry<Node> | undefined, lost: boolean) => {
      if (entry === undefined) return;
      const now = lost && !entry.sealed;
      if (entry.lost === now) return;
      if (!before.has(entry)) before.set(entry, entry.lost);
      entry.lost = now;
    };
    if (removed.length + added.length <= MAX_SINGLE_CHANGES) {
      for (const entry of removed) this.#remove(entry, set);
      for (const entry of added) this.#add(entry, set);
    } else {
      this.#merge(removed, added);
      for (const [at, entry] of this.#entries.entries()) set(entry, at >= this.#capacity);
    }
    const gone = new Set(removed);
    const changed: Entry<Node>[] = [];
    for (const [entry, lost] of before) if (lost !== entry.lost && !gone.has(entry)) changed.push(entry);
    return changed;
  }

  #sort(): void {
    if (!this.#isSorted) this.#entries.sort(compareEntries);
    this.#isSorted = true;
  }

  #takeOut(entry: Entry<Node>): void {
    const last = this.#entries.pop();
    if (last === undefined || last === entry) return;
    last.at = entry.at;
    this.#entries[entry.at] = last;
  }

  #remove(entry: Entry<Node>, set: (entry: Entry<Node> | undefined, lost: boolean) => void): void {
    const at = this.#placeOf(entry);
    if (this.#entries[at] !== entry) return;
    this.#entries.splice(at, 1);
    if (at < this.#capacity) set(this.#entries[this.#capacity - 1], false);
  }

  #add(entry: Entry<Node>, set: (entry: Entry<Node> | undefined, lost: boolean) => void): void {
    const at = this.#placeOf(entry);
    this.#entries.splice(at, 0, entry);
    set(entry, at >= this.#capacity);
    if (at < this.#capacity) set(this.#entries[this.#capacity], true);
  }

  #merge(removed: readonly Entry<Node>[], added: readonly Entry<Node>[]): void {
    const gone = new Set(removed);
    const stayed = this.#entries.filter((entry) => !gone.has(entry));
    const came = [...added].sort(compareEntries);
    const merged: Entry<Node>[] = [];
    let next = 0;
    for (const entry of stayed) {
      for (
        let other = came[next];
        other !== undefined && compareEntries(other, entry) < 0;
        other = came[next]
      ) {
        merged.push(other);
        next += 1;
      }
      merged.push(entry);
    }
    for (; next < came.length; next++) {
      const other = came[next];
      if (other !== undefined) merged.push(other);
    }
    this.#entries = merged;
  }

  #placeOf(entry: Entry<Node>): number {
    let from = 0;
    let to = this.#entries.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const held = this.#entries[middle];
      if (held !== undefined && compareEntries(held, entry) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
