import type { Box } from './box.ts';
import type { TreeNode } from './tree-node.ts';
import type { Volume } from './volume.ts';

/** Edge of the smallest square columns, in metres: a room's worth, so that a query for what is near opens few. */
const CELL_METRES = 8;
/** Each level has columns so many times as wide as the one below. */
const LEVEL_FACTOR = 4;
const MAX_LEVEL = 14;
/** Columns either side of the origin; all further out share the last ones. */
const MAX_CELL = 2 ** 21;

interface Entry {
  readonly box: Box;
  readonly level: number;
  readonly key: number;
}

type Grid = Map<number, Set<TreeNode>>;

/**
 * Visible objects by the box round them: grids of vertical columns, since worlds are wider than high. An object stands
 * in the column of its middle, on the first level whose columns are as wide as it is, so that it reaches at most half
 * a column beyond its own. Moves are only noted, and taken in when somebody asks.
 */
export class SpaceIndex {
  readonly #read: (node: TreeNode) => Box | null;
  readonly #levels: Grid[] = [];
  readonly #entries = new Map<TreeNode, Entry>();
  readonly #moved: Set<TreeNode>;

  /** @param read where an object is; `null` where that is at no finite place */
  constructor(nodes: Iterable<TreeNode>, read: (node: TreeNode) => Box | null) {
    this.#moved = new Set(nodes);
    this.#read = read;
  }

  /** The object appeared, moved, has another size or vanished. */
  touch(node: TreeNode): void {
    this.#moved.add(node);
  }

  boxOf(node: TreeNode): Box | null {
    this.#settle();
    return this.#entries.get(node)?.box ?? null;
  }

  /** The objects that touch a volume. */
  *touching({ around, touches }: Volume): Generator<TreeNode> {
    this.#settle();
    for (const [level, grid] of this.#levels.entries())
      for (const column of columnsWithin(grid, level, around))
        for (const node of column) {
          const entry = this.#entries.get(node);
          if (entry !== undefined && touches(entry.box)) yield node;
        }
  }

  /** How many objects stand in the columns that a volume covers; counts no further than `most`. */
  estimate({ around }: Volume, most: number): number {
    this.#settle();
    let count = 0;
    for (const [level, grid] of this.#levels.entries())
      for (const column of columnsWithin(grid, level, around)) {
        count += column.size;
        if (count >= most) return count;
      }
    return count;
  }

  #settle(): void {
    if (this.#moved.size === 0) return;
    for (const node of this.#moved) this.#place(node);
    this.#moved.clear();
  }

  #place(node: TreeNode): void {
    const box = node.visible ? this.#read(node) : null;
    const before = this.#entries.get(node);
    const after = box === null ? null : entryOf(box);
    if (before !== undefined && (before.key !== after?.key || before.level !== after.level)) {
      const grid = this.#levels[before.level];
      const column = grid?.get(before.key);
      column?.delete(node);
      if (column?.size === 0) grid?.delete(before.key);
    }
    if (after === null) {
      this.#entries.delete(node);
      return;
    }
    this.#entries.set(node, after);
    const grid = this.#gridOf(after.level);
    const column = grid.get(after.key);
    if (column === undefined) grid.set(after.key, new Set([node]));
    else column.add(node);
  }

  #gridOf(level: number): Grid {
    for (let at = this.#levels.length; at <= level; at++) this.#levels.push(new Map());
    return this.#levels[level] ?? new Map();
  }
}

function entryOf(box: Box): Entry {
  const extent = Math.max(box[3] - box[0], box[5] - box[2]);
  let level = 0;
  while (level < MAX_LEVEL && columnMetres(level) < extent) level += 1;
  const key = keyOf(cellOf((box[0] + box[3]) / 2, level), cellOf((box[2] + box[5]) / 2, level));
  return { box, level, key };
}

function* columnsWithin(grid: Grid, level: number, around: Box): Generator<ReadonlySet<TreeNode>> {
  // What is wider than the widest columns reaches any distance.
  const reach = level < MAX_LEVEL ? columnMetres(level) / 2 : Number.POSITIVE_INFINITY;
  const [left, right] = [cellOf(around[0] - reach, level), cellOf(around[3] + reach, level)];
  const [back, front] = [cellOf(around[2] - reach, level), cellOf(around[5] + reach, level)];
  if ((right - left + 1) * (front - back + 1) > grid.size) {
    yield* grid.values();
    return;
  }
  for (let column = left; column <= right; column++)
    for (let row = back; row <= front; row++) {
      const nodes = grid.get(keyOf(column, row));
      if (nodes !== undefined) yield nodes;
    }
}

function columnMetres(level: number): number {
  return CELL_METRES * LEVEL_FACTOR ** level;
}

function cellOf(metres: number, level: number): number {
  return Math.min(MAX_CELL, Math.max(-MAX_CELL, Math.floor(metres / columnMetres(level))));
}

function keyOf(column: number, row: number): number {
  return (column + MAX_CELL) * (2 * MAX_CELL + 1) + row + MAX_CELL;
}
