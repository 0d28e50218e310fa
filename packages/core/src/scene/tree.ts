import { type ObjectId, type Path, ROOT } from '../ids.ts';
import { NewObjects } from '../register/object-table.ts';
import type { RowBlock } from '../register/patch-summary.ts';
import { Cycles } from './cycles.ts';
import {
  DELETED_PATH,
  isDeleted,
  isPresent,
  ORDER_PATH,
  PARENT_PATH,
  parentValue,
  type ReadRegisters,
  type Registers,
  writtenOrder,
  writtenParent,
} from './facts.ts';
import { loadNodes } from './load-nodes.ts';
import { ROOT_POSE } from './pose.ts';
import { Siblings } from './siblings.ts';
import { type Standing, TreeNode, Walks } from './tree-node.ts';

/** Objects further below the root are hidden: every walk up the visible tree ends within this many steps. */
export const MAX_DEPTH = 256;

/** An object and the paths of its registers that changed. */
export interface Touched {
  readonly node: TreeNode;
  readonly paths: ReadonlySet<Path>;
}

const NO_NODES: readonly TreeNode[] = [];
const never = (): boolean => false;

/** What one batch of changed registers did to the tree, without regard to rules. */
export interface TreeChanges {
  /** Became visible; each after its parent. */
  readonly shown: readonly TreeNode[];
  /** Whether a node is among `shown`; to be asked before the next batch. */
  readonly isShown: (node: TreeNode) => boolean;
  /** Were visible. */
  readonly hidden: readonly TreeNode[];
  /** Hung somewhere before and hang elsewhere now, visible or not. */
  readonly moved: readonly TreeNode[];
  /** Were there before and are still, visible or not, and have other registers now. */
  readonly touched: readonly Touched[];
}

interface Shown {
  readonly shown: TreeNode[];
  readonly hidden: TreeNode[];
}

/**
 * The tree of all objects, brought up to date batch by batch. In order: edges as written, cycles, deletion and depth.
 * A batch costs the objects it changes, what hangs below those whose standing changes, and the way up to the root.
 */
export class Tree {
  readonly root: TreeNode;
  /** Objects whose parent is absent, and objects one level too deep: what is hidden hangs from these. */
  readonly hiding = new Set<TreeNode>();
  readonly #nodes = new Map<string, TreeNode>();
  readonly #read: ReadRegisters;
  readonly #walks = new Walks();
  readonly #cycles: Cycles;
  #visible = 0;
  #batch = 0;

  constructor(read: ReadRegisters) {
    this.#read = read;
    this.root = new TreeNode(ROOT, null);
    this.root.present = true;
    this.root.stand('visible', 0);
    this.root.pose = ROOT_POSE;
    this.#nodes.set(ROOT, this.root);
    this.#cycles = new Cycles((node) => read(node.id)?.get(PARENT_PATH), this.root, this.#walks);
  }

  /** Objects that the tree shows, without regard to rules; the root not counted. */
  get size(): number {
    return this.#visible;
  }

  get(id: string): TreeNode | undefined {
    return this.#nodes.get(id);
  }

  /** Every object, visible or not, and the absent ones that others hang from; not the root. */
  *nodes(): Generator<TreeNode> {
    for (const node of this.#nodes.values()) if (node !== this.root) yield node;
  }

  cuts(): Iterable<TreeNode> {
    return this.#cycles.cuts();
  }

  /** @param changed registers that have another winner or are gone; `NewObjects` only where these are all that `read` finds */
  update(changed: ReadonlyMap<ObjectId, ReadonlySet<Path>>): TreeChanges {
    this.#batch += 1;
    const batch = this.#batch;
    if (changed instanceof NewObjects && changed.blocks !== null && this.#nodes.size === 1)
      return this.#load(changed.blocks, batch);
    const edges: TreeNode[] = [];
    const dirty: TreeNode[] = [];
    const touched: Touched[] = [];
    const isFirst = changed instanceof NewObjects && this.#nodes.size === 1;
    if (changed instanceof NewObjects) this.#readNew(changed, edges, dirty);
    else
      for (const [id, paths] of changed) {
        if (id === ROOT) continue;
        const node = this.#readObject(id, paths, edges, dirty);
        if (node !== null) touched.push({ node, paths });
      }
    // Most edits leave every object where it is.
    if (edges.length + dirty.length === 0)
      return { shown: NO_NODES, isShown: never, hidden: NO_NODES, moved: NO_NODES, touched };
    const moved = this.#relink(edges);
    const { shown, hidden } = isFirst
      ? this.#settleFirst(edges, dirty)
      : this.#settleChanged(edges, moved, dirty);
    return { shown, isShown: (node) => node.shownIn === batch, hidden, moved, touched };
  }

  /** `update` of a tree without objects, by what a file holds. */
  #load(blocks: readonly RowBlock[], batch: number): TreeChanges {
    const nodes = loadNodes(blocks, this.root, this.#nodes);
    const isCut = this.#cycles.closeFirst(nodes).length > 0;
    hangAll(nodes, isCut ? this.root : null);
    const { shown, hidden } = this.#settleFirst(nodes, NO_NODES);
    return { shown, isShown: (node) => node.shownIn === batch, hidden, moved: NO_NODES, touched: [] };
  }

  /** The node, unless the object appeared or is gone. */
  #readObject(id: ObjectId, paths: ReadonlySet<Path>, edges: TreeNode[], dirty: TreeNode[]): TreeNode | null {
    const registers = this.#read(id);
    const known = this.#nodes.get(id);
    if (!isPresent(id, registers)) {
      if (known?.present !== true) return null;
      known.present = false;
      known.written = this.root;
      edges.push(known);
      return null;
    }
    const node = known ?? this.#newNode(id);
    const appeared = !node.present;
    if (appeared) node.present = true;
    // Also when only the stamp of the edge changed: it may decide which edge of a cycle goes.
    if (appeared || paths.has(PARENT_PATH)) {
      node.written = this.#writtenParent(registers);
      edges.push(node);
    }
    if (appeared || paths.has(ORDER_PATH)) this.#reorder(node, writtenOrder(registers));
    if (appeared || paths.has(DELETED_PATH)) this.#mark(node, isDeleted(registers), dirty);
    return appeared ? null : node;
  }

  /** A world that is loaded: first all nodes, which nobody has to look for, then what they hang from. */
  #readNew(objects: NewObjects, edges: TreeNode[], dirty: TreeNode[]): void {
    const isEmpty = this.#nodes.size === 1;
    const all: Registers[] = [];
    objects.forEachRegisters((id, registers) => {
      if (!isPresent(id, registers)) return;
      const node = isEmpty ? this.#newNode(id) : this.#nodeOf(id);
      node.present = true;
      edges.push(node);
      all.push(registers);
    });
    for (let at = 0; at < edges.length; at += 1) {
      const node = edges[at];
      const registers = all[at];
      if (node === undefined || registers === undefined) continue;
      node.written = this.#writtenParent(registers);
      this.#reorder(node, writtenOrder(registers));
      this.#mark(node, isDeleted(registers), dirty);
    }
  }

  #writtenParent(registers: Registers): TreeNode {
    const value = parentValue(registers);
    // What names a node is an object id: most parents are known, and need no closer look.
    const known = typeof value === 'string' ? this.#nodes.get(value) : undefined;
    return known ?? this.#nodeOf(writtenParent(registers));
  }

  #reorder(node: TreeNode, order: string | null): void {
    if (node.order === order) return;
    node.order = order;
    node.up?.reorderChild(node);
  }

  #mark(node: TreeNode, deleted: boolean, dirty: TreeNode[]): void {
    if (node.deleted === deleted) return;
    node.deleted = deleted;
    taint(node, dirty);
  }

  /** Puts the objects with changed edges where they belong; all that hang elsewhere now. */
  #relink(edges: readonly TreeNode[]): readonly TreeNode[] {
    const freed: TreeNode[] = [];
    if (this.#cycles.size > 0)
      for (const node of edges) {
        const cut = this.#cycles.dissolve(node);
        if (cut !== null) freed.push(cut);
      }
    const cut = this.#cycles.close(edges);
    const moved: TreeNode[] = [];
    const left: TreeNode[] = [];
    const rehung = freed.length + cut.length === 0 ? edges : edges.concat(freed, cut);
    for (const node of rehung) {
      const before = node.up;
      if (!this.#hang(node) || before === null) continue;
      moved.push(node);
      if (!before.present) left.push(before);
    }
    for (const node of left) this.#dropIfUnused(node);
    return moved;
  }

  #hang(node: TreeNode): boolean {
    const before = node.up;
    const after = node.present ? (node.cut ? this.root : node.written) : null;
    if (before === after) return false;
    node.up = after;
    before?.loseChild(node);
    after?.gainChild(node);
    return true;
  }

  #settleChanged(edges: readonly TreeNode[], moved: readonly TreeNode[], dirty: TreeNode[]): Shown {
    for (const node of edges) taint(node, dirty);
    for (const node of moved) taint(node, dirty);
    const result = this.#settle(dirty);
    for (const node of edges) this.#dropIfUnused(node);
    return result;
  }

  /** Decides anew who is visible, ancestors first, so that each object changes at most once. */
  #settle(dirty: readonly TreeNode[]): Shown {
    const result: Shown = { shown: [], hidden: [] };
    const walk = this.#walks.begin();
    const way: TreeNode[] = [];
    for (const start of dirty) {
      for (let node: TreeNode | null = start; node !== null && node.mark !== walk; node = node.up) {
        node.mark = walk;
        way.push(node);
      }
      for (let node = way.pop(); node !== undefined; node = way.pop())
        if (node.dirty) this.#settleBelow(node, result);
    }
    for (const node of dirty) node.dirty = false;
    return result;
  }

  /** All objects are new: from the root down, and what hangs from nothing. */
  #settleFirst(nodes: readonly TreeNode[], dirty: readonly TreeNode[]): Shown {
    const shown: TreeNode[] = [];
    const result: Shown = { shown, hidden: [] };
    const batch = this.#batch;
    const queue: TreeNode[] = [];
    for (const top of this.root.belowUnsorted())
      for (let node: TreeNode | undefined = top; node !== undefined; node = queue.pop()) {
        if (node.up?.shows(node, MAX_DEPTH) !== true) {
          this.#settleBelow(node, result);
          continue;
        }
        node.shownIn = batch;
        shown.push(node);
        if (node.children !== null) for (const child of node.children.unsorted) queue.push(child);
      }
    this.#visible += shown.length;
    if (shown.length < nodes.length)
      for (const node of nodes) if (node.up?.present === false) this.#settleBelow(node, result);
    for (const node of dirty) node.dirty = false;
    return result;
  }

  #settleBelow(top: TreeNode, result: Shown): void {
    const queue = [top];
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      const standing = standingOf(node);
      const depth = standing === 'visible' ? (node.up?.depth ?? 0) + 1 : 0;
      this.#noteHiding(node, standing);
      if (standing === node.standing && depth === node.depth) continue;
      this.#show(node, standing, depth, result);
      for (const child of node.belowUnsorted()) if (child.up === node) queue.push(child);
    }
  }

  #show(node: TreeNode, standing: Standing, depth: number, result: Shown): void {
    const was = node.standing === 'visible';
    node.stand(standing, depth);
    if (was === (standing === 'visible')) return;
    node.up?.childShown();
    this.#visible += was ? -1 : 1;
    if (was) {
      node.pose = null;
      node.placed = false;
      node.snapshot = null;
      result.hidden.push(node);
    } else {
      node.shownIn = this.#batch;
      result.shown.push(node);
    }
  }

  #noteHiding(node: TreeNode, standing: Standing): void {
    const hides =
      (standing === 'pending' && node.up?.standing === 'absent') ||
      (standing === 'too-deep' && node.up?.standing === 'visible');
    if (hides) this.hiding.add(node);
    else if (this.hiding.size > 0) this.hiding.delete(node);
  }

  #nodeOf(id: ObjectId): TreeNode {
    return this.#nodes.get(id) ?? this.#newNode(id);
  }

  #newNode(id: ObjectId): TreeNode {
    const node = new TreeNode(id, this.root);
    this.#nodes.set(id, node);
    return node;
  }

  #dropIfUnused(node: TreeNode): void {
    const unused = !node.present && node.childCount === 0;
    if (unused && this.#nodes.get(node.id) === node) this.#nodes.delete(node.id);
  }
}

/** Hangs nodes that hang nowhere yet where they belong. @param root where those go whose edge was dropped; `null` where none was */
function hangAll(nodes: readonly TreeNode[], root: TreeNode | null): void {
  for (let at = 0; at < nodes.length; at += 1) {
    const node = nodes[at];
    if (node === undefined) continue;
    const up = root !== null && node.cut ? root : node.written;
    node.up = up;
    up.children ??= new Siblings();
    up.children.append(node);
  }
}

function taint(node: TreeNode, dirty: TreeNode[]): void {
  if (node.dirty) return;
  node.dirty = true;
  dirty.push(node);
}

function standingOf(node: TreeNode): Standing {
  const { up } = node;
  if (!node.present || up === null) return 'absent';
  if (node.deleted || up.standing === 'deleted') return 'deleted';
  if (up.standing === 'absent') return 'pending';
  if (up.standing !== 'visible') return up.standing;
  return up.depth < MAX_DEPTH ? 'visible' : 'too-deep';
}
