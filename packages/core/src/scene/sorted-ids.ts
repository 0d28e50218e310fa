import type { ObjectId } from '../ids.ts';

/** Ids that an index found, and the same in order. */
export interface FoundIds extends ReadonlySet<ObjectId> {
  /** In byte order; changes with the set, so copy what is to be kept. */
  sorted(): readonly ObjectId[];
}

/** Changes taken into the order one by one; where nobody asks for it meanwhile, it is made anew when somebody does. */
const MAX_UNREAD_CHANGES = 32;

/** A set of ids that keeps an order, too, once it was asked for one. */
export class SortedIds extends Set<ObjectId> implements FoundIds {
  #sorted: ObjectId[] | null = null;
  #unread = 0;

  sorted(): readonly ObjectId[] {
    this.#unread = 0;
    // Ids are ASCII, for which the default order is that of the bytes.
    this.#sorted ??= [...this].sort();
    return this.#sorted;
  }

  override add(id: ObjectId): this {
    if (this.#isKept() && !this.has(id)) this.#sorted?.splice(this.#positionOf(id), 0, id);
    return super.add(id);
  }

  override delete(id: ObjectId): boolean {
    if (this.#isKept() && this.has(id)) this.#sorted?.splice(this.#positionOf(id), 1);
    return super.delete(id);
  }

  #isKept(): boolean {
    if (this.#sorted === null) return false;
    this.#unread += 1;
    if (this.#unread > MAX_UNREAD_CHANGES) this.#sorted = null;
    return this.#sorted !== null;
  }

  #positionOf(id: ObjectId): number {
    return positionOfId(this.#sorted ?? [], id);
  }
}

/** How many of sorted ids are less than one. */
export function positionOfId(sorted: readonly ObjectId[], id: ObjectId): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = sorted[middle];
    if (other !== undefined && other < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
