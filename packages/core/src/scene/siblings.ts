import type { ObjectId } from '../ids.ts';
import { compareUtf8 } from '../value/utf8.ts';

/** One empty list for all, so that a snapshot without children stays what it is. */
export const NOBODY: readonly ObjectId[] = Object.freeze([]);

/** What has siblings. */
interface Member {
  readonly id: ObjectId;
  readonly order: string | null;
  readonly up: Member | null;
  readonly visible: boolean;
}

/** So many changes are noted before it is worth a look whether some of them are the same. */
const MIN_NOTED = 64;

/** The children of one node. Changes are only noted; the order is restored by one merge when somebody asks. */
export class Siblings<Node extends Member> {
  #sorted: readonly Node[] = [];
  /** What came, went or has another order key, as it happened; one that did several times may be here as often. */
  #touched: Node[] = [];
  #mostTouched = MIN_NOTED;
  #visible: readonly ObjectId[] = NOBODY;
  #stale = false;
  #size = 0;

  /** The children, visible or not. */
  get size(): number {
    return this.#size;
  }

  add(node: Node): void {
    this.#size += 1;
    this.touch(node);
  }

  /** `add` of a node that was never here. */
  append(node: Node): void {
    this.#size += 1;
    this.#touched.push(node);
    this.#stale = true;
  }

  remove(node: Node): void {
    this.#size -= 1;
    this.touch(node);
  }

  /** The child has another order key, or came or went. */
  touch(node: Node): void {
    this.#touched.push(node);
    this.#stale = true;
    if (this.#touched.length < this.#mostTouched) return;
    this.#touched = [...new Set(this.#touched)];
    this.#mostTouched = Math.max(MIN_NOTED, this.#touched.length * 2);
  }

  recount(): void {
    this.#stale = true;
  }

  nodes(parent: Node): readonly Node[] {
    if (this.#touched.length === 0) return this.#sorted;
    const { stayed, came } = this.#parted(parent);
    this.#sorted = merge(stayed, came.sort(compareSiblings));
    this.#touched = [];
    return this.#sorted;
  }

  /** All that `nodes` would look at: also what went, and what came several times. */
  get unsorted(): readonly Node[] {
    if (this.#touched.length === 0) return this.#sorted;
    return this.#sorted.length === 0 ? this.#touched : this.#sorted.concat(this.#touched);
  }

  #parted(parent: Node): { readonly stayed: readonly Node[]; readonly came: Node[] } {
    const touched = new Set(this.#touched);
    const stayed = this.#sorted.filter((node) => !touched.has(node));
    return { stayed, came: [...touched].filter((node) => node.up === parent) };
  }

  /** The visible ones, frozen; the same array until they change. */
  visible(parent: Node): readonly ObjectId[] {
    if (!this.#stale) return this.#visible;
    this.#stale = false;
    const visible = this.nodes(parent).filter((node) => node.visible);
    if (visible.length !== this.#visible.length || visible.some(({ id }, at) => id !== this.#visible[at]))
      this.#visible = Object.freeze(visible.map(({ id }) => id));
    return this.#visible;
  }
}

/** By order key in UTF-8 bytes, no key first; then by id. */
export function compareSiblings(a: Pick<Member, 'order' | 'id'>, b: Pick<Member, 'order' | 'id'>): number {
  return compareOrder(a.order, b.order) || compareUtf8(a.id, b.id);
}

function compareOrder(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return compareUtf8(a, b);
}

function merge<Node extends Member>(a: readonly Node[], b: readonly Node[]): readonly Node[] {
  if (b.length === 0) return a;
  if (a.length === 0) return b;
  const merged: Node[] = [];
  let next = 0;
  for (const node of a) {
    for (let other = b[next]; other !== undefined && compareSiblings(other, node) < 0; other = b[next]) {
      merged.push(other);
      next += 1;
    }
    merged.push(node);
  }
  return merged.concat(b.slice(next));
}
