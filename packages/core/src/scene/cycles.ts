import { compareRegisters, type Register } from '../register/register.ts';
import { compareUtf8 } from '../value/utf8.ts';
import type { TreeNode, Walks } from './tree-node.ts';

interface Cycle {
  readonly members: readonly TreeNode[];
  /** The member whose edge is dropped. */
  readonly cut: TreeNode;
}

/** The cycles among the edges as written. Every node has one edge, so cycles never share a node. */
export class Cycles {
  readonly #cycles = new Map<TreeNode, Cycle>();
  readonly #parentEdge: (node: TreeNode) => Register | undefined;
  readonly #root: TreeNode;
  readonly #walks: Walks;

  /**
   * @param parentEdge the register that holds a node's edge
   * @param walks shared with whoever else marks nodes
   */
  constructor(parentEdge: (node: TreeNode) => Register | undefined, root: TreeNode, walks: Walks) {
    this.#parentEdge = parentEdge;
    this.#root = root;
    this.#walks = walks;
  }

  /** How many nodes are on one. */
  get size(): number {
    return this.#cycles.size;
  }

  /** The nodes whose edge is dropped. */
  *cuts(): Generator<TreeNode> {
    for (const [node, { cut }] of this.#cycles) if (node === cut) yield node;
  }

  /** Forgets the cycle through a node whose edge changes; the node that gets its edge back, if any. */
  dissolve(node: TreeNode): TreeNode | null {
    const cycle = this.#isOnCycle(node) ? this.#cycles.get(node) : undefined;
    if (cycle === undefined) return null;
    for (const member of cycle.members) this.#cycles.delete(member);
    cycle.cut.cut = false;
    return cycle.cut;
  }

  /** Finds the cycles that changed edges close; the nodes whose edge is dropped for it. One visit a node, however many edges. */
  close(changed: Iterable<TreeNode>): readonly TreeNode[] {
    const before = this.#walks.last;
    const cut: TreeNode[] = [];
    for (const start of changed) {
      const walk = this.#walks.begin();
      let node = start;
      while (node.present && node !== this.#root && node.mark <= before && !this.#isOnCycle(node)) {
        node.mark = walk;
        node = node.written;
      }
      // Back at a node of this very walk: a cycle. At one of an earlier walk: judged already.
      if (node.mark === walk) cut.push(this.#cut(node));
    }
    return cut;
  }

  /** `close` of all nodes of a tree whose nodes nobody walked yet: what is absent has an edge to the root. */
  closeFirst(nodes: readonly TreeNode[]): readonly TreeNode[] {
    const before = this.#walks.last;
    let walk = this.#walks.begin();
    this.#root.mark = walk;
    const cut: TreeNode[] = [];
    for (let at = 0; at < nodes.length; at += 1) {
      let node = nodes[at] ?? this.#root;
      walk += 1;
      while (node.mark <= before) {
        node.mark = walk;
        node = node.written;
      }
      if (node.mark === walk) cut.push(this.#cut(node));
    }
    this.#walks.last = walk;
    return cut;
  }

  // Worlds mostly have no cycle.
  #isOnCycle(node: TreeNode): boolean {
    return this.#cycles.size > 0 && this.#cycles.has(node);
  }

  #cut(start: TreeNode): TreeNode {
    const members: TreeNode[] = [];
    let node = start;
    do {
      members.push(node);
      node = node.written;
    } while (node !== start);
    const cut = members.reduce((a, b) => (this.#compareEdges(a, b) >= 0 ? a : b));
    cut.cut = true;
    const cycle = { members, cut };
    for (const member of members) this.#cycles.set(member, cycle);
    return cut;
  }

  /** By stamp, then value, then object id: a patch gives all its registers one stamp, so the id is needed. */
  #compareEdges(a: TreeNode, b: TreeNode): number {
    const left = this.#parentEdge(a);
    const right = this.#parentEdge(b);
    if (left === undefined || right === undefined)
      return Number(left !== undefined) - Number(right !== undefined);
    return compareRegisters(left, right) || compareUtf8(a.id, b.id);
  }
}
