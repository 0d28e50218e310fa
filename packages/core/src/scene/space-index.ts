import type { Mat4 } from './pose.ts';
import type { TreeNode } from './tree-node.ts';

export type Point = readonly [number, number, number];

/** Edge of a square column of the grid, in metres: a room's worth, so that a query for what is near opens few. */
const CELL_METRES = 8;
/** Columns either side of the origin; all further out share the last ones. */
const MAX_CELL = 2 ** 21;

/**
 * Visible objects by where they are: a grid of vertical columns, since worlds are wider than high. Objects are points.
 * Moves are only noted, and taken in when somebody asks.
 */
export class SpaceIndex {
  readonly #matrixOf: (node: TreeNode) => Mat4;
  readonly #columns = new Map<number, Set<TreeNode>>();
  readonly #columnOf = new Map<TreeNode, number>();
  readonly #moved: Set<TreeNode>;

  constructor(nodes: Iterable<TreeNode>, matrixOf: (node: TreeNode) => Mat4) {
    this.#moved = new Set(nodes);
    this.#matrixOf = matrixOf;
  }

  /** The object appeared, moved or vanished. */
  touch(node: TreeNode): void {
    this.#moved.add(node);
  }

  /** The objects at most so far from a point, in metres; those at no finite position are nowhere. */
  *within([x, y, z]: Point, radius: number): Generator<TreeNode> {
    this.#settle();
    for (const column of this.#columnsWithin(x, z, radius))
      for (const node of column) {
        const matrix = this.#matrixOf(node);
        const dx = (matrix[12] ?? 0) - x;
        const dy = (matrix[13] ?? 0) - y;
        const dz = (matrix[14] ?? 0) - z;
        if (dx * dx + dy * dy + dz * dz <= radius * radius) yield node;
      }
  }

  *#columnsWithin(x: number, z: number, radius: number): Generator<Iterable<TreeNode>> {
    const [left, right] = [cellOf(x - radius), cellOf(x + radius)];
    const [back, front] = [cellOf(z - radius), cellOf(z + radius)];
    if ((right - left + 1) * (front - back + 1) > this.#columns.size) {
      yield* this.#columns.values();
      return;
    }
    for (let column = left; column <= right; column++)
      for (let row = back; row <= front; row++) {
        const nodes = this.#columns.get(keyOf(column, row));
        if (nodes !== undefined) yield nodes;
      }
  }

  #settle(): void {
    for (const node of this.#moved) this.#place(node, node.visible ? this.#keyOf(node) : null);
    this.#moved.clear();
  }

  #place(node: TreeNode, key: number | null): void {
    const before = this.#columnOf.get(node);
    if (before === (key ?? undefined)) return;
    if (before !== undefined) {
      const column = this.#columns.get(before);
      column?.delete(node);
      if (column?.size === 0) this.#columns.delete(before);
      this.#columnOf.delete(node);
    }
    if (key === null) return;
    const column = this.#columns.get(key) ?? new Set();
    this.#columns.set(key, column.add(node));
    this.#columnOf.set(node, key);
  }

  #keyOf(node: TreeNode): number | null {
    const matrix = this.#matrixOf(node);
    const [x = 0, y = 0, z = 0] = [matrix[12], matrix[13], matrix[14]];
    return Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(z)
      ? keyOf(cellOf(x), cellOf(z))
      : null;
  }
}

function cellOf(metres: number): number {
  return Math.min(MAX_CELL, Math.max(-MAX_CELL, Math.floor(metres / CELL_METRES)));
}

function keyOf(column: number, row: number): number {
  return (column + MAX_CELL) * (2 * MAX_CELL + 1) + row + MAX_CELL;
}
