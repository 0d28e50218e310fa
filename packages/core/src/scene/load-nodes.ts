import { isObjectId } from '../ids.ts';
import type { Column } from '../register/column.ts';
import type { RowBlock } from '../register/patch-summary.ts';
import { DELETED_PATH, ORDER_PATH, PARENT_PATH } from './facts.ts';
import { TreeNode } from './tree-node.ts';

/**
 * The nodes of a world that is loaded, made column by column: who comes into a world runs all of this for the first time, and a few
 * loops are compiled sooner than many functions that each object goes through.
 *
 * @param nodes by id, with the root: all nodes are put there, those of absent parents too
 * @returns the nodes of the objects that are there, with what is written of them
 */
export function loadNodes(
  blocks: readonly RowBlock[],
  root: TreeNode,
  nodes: Map<string, TreeNode>,
): readonly TreeNode[] {
  /** The root stands for an object that is not there. */
  const rows: TreeNode[] = [];
  for (const block of blocks) makeNodes(block, root, nodes, rows);
  const isWhole = nodes.size > rows.length;
  let first = 0;
  for (const { ids, columns } of blocks) {
    for (const column of columns) {
      if (column.path === PARENT_PATH) readParents(column, first, rows, root, nodes);
      else if (column.path === ORDER_PATH) readOrders(column, first, rows);
      else if (column.path === DELETED_PATH) readDeleted(column, first, rows);
    }
    first += ids.length;
  }
  return isWhole ? rows : rows.filter((node) => node !== root);
}

function makeNodes(
  { ids, columns }: RowBlock,
  root: TreeNode,
  nodes: Map<string, TreeNode>,
  rows: TreeNode[],
): void {
  const present = presentIn(ids.length, columns);
  for (let at = 0; at < ids.length; at += 1) {
    const id = ids[at];
    if (id === undefined || (present !== null && present[at] !== 1)) {
      rows.push(root);
      continue;
    }
    const node = new TreeNode(id, root, true);
    nodes.set(id, node);
    rows.push(node);
  }
}

/** Which objects hold a value; `null` where all do, as a rule by one column. */
function presentIn(count: number, columns: readonly Column[]): Uint8Array | null {
  if (columns.some(({ objects, values }) => objects === null && values.isFull)) return null;
  const present = new Uint8Array(count);
  for (const { objects, values } of columns) {
    const length = objects?.length ?? count;
    for (let at = 0; at < length; at += 1)
      if (values.holds(at)) present[objects === null ? at : (objects[at] ?? 0)] = 1;
  }
  return present;
}

function readParents(
  { objects, values }: Column,
  first: number,
  rows: readonly TreeNode[],
  root: TreeNode,
  nodes: Map<string, TreeNode>,
): void {
  const written = values.list();
  for (let at = 0; at < written.length; at += 1) {
    const node = rows[first + (objects === null ? at : (objects[at] ?? 0))];
    const value = written[at];
    if (node === undefined || typeof value !== 'string') continue;
    // What names a node is an object id: most parents are known, and need no closer look.
    const parent = nodes.get(value) ?? absentNode(value, root, nodes);
    node.written = parent;
  }
}

function absentNode(value: string, root: TreeNode, nodes: Map<string, TreeNode>): TreeNode {
  if (!isObjectId(value)) return root;
  const node = new TreeNode(value, root);
  nodes.set(value, node);
  return node;
}

function readOrders({ objects, values }: Column, first: number, rows: readonly TreeNode[]): void {
  const written = values.list();
  for (let at = 0; at < written.length; at += 1) {
    const node = rows[first + (objects === null ? at : (objects[at] ?? 0))];
    const value = written[at];
    if (node !== undefined && typeof value === 'string') node.order = value;
  }
}

function readDeleted({ objects, values }: Column, first: number, rows: readonly TreeNode[]): void {
  const written = values.list();
  for (let at = 0; at < written.length; at += 1) {
    const node = rows[first + (objects === null ? at : (objects[at] ?? 0))];
    if (node !== undefined && written[at] === true) node.deleted = true;
  }
}
