import type { Box } from './box.ts';
import type { TreeNode } from './tree-node.ts';
import type { Volume } from './volume.ts';

/** Edge of the smallest square columns, in metres: a room's worth, so that a query for what is near opens few. */
const CELL_METRES = 8;
/** Each level has columns so many times as wide as the one below. */
const LEVEL_FACTOR = 4;
const MAX_LEVEL = 14;
/** How far an object reaches beyond its column: half of one, and more than rounding can add. */
const REACH_COLUMNS = 0.501;
/** Columns either side of the origin; all further out share the last ones. */
const MAX_CELL = 2 ** 21;
/** Further than anything; finite, since a plane along an axis would make no number of infinity. */
const FAR = 1e300;

interface Entry {
  readonly box: Box;
  readonly level: number;
  readonly column: number;
  readonly row: number;
  readonly key: number;
}

/** The columns of one level. */
interface Grid {
  readonly columns: Map<number, Set<TreeNode>>;
  /** Where any object ever stood: least column and row, then greatest. */
  readonly extent: [number, number, number, number];
}

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
  *touching(volume: Volume): Generator<TreeNode> {
    this.#settle();
    for (const [level, grid] of this.#levels.entries())
      for (const column of columnsWithin(grid, level, volume))
        for (const node of column) {
          const entry = this.#entries.get(node);
          if (entry !== undefined && volume.touches(entry.box)) yield node;
        }
  }

  /** How many objects stand in the columns that a volume covers; counts no further than `most`. */
  estimate(volume: Volume, most: number): number {
    this.#settle();
    let count = 0;
    for (const [level, grid] of this.#levels.entries())
      for (const column of columnsWithin(grid, level, volume)) {
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
      const columns = this.#levels[before.level]?.columns;
      const column = columns?.get(before.key);
      column?.delete(node);
      if (column?.size === 0) columns?.delete(before.key);
    }
    if (after === null) {
      this.#entries.delete(node);
      return;
    }
    this.#entries.set(node, after);
    const { columns, extent } = this.#gridOf(after.level);
    const column = columns.get(after.key);
    if (column !== undefined) {
      column.add(node);
      return;
    }
    columns.set(after.key, new Set([node]));
    extent[0] = Math.min(extent[0], after.column);
    extent[1] = Math.min(extent[1], after.row);
    extent[2] = Math.max(extent[2], after.column);
    extent[3] = Math.max(extent[3], after.row);
  }

  #gridOf(level: number): Grid {
    const grid = this.#levels[level];
    if (grid !== undefined) return grid;
    this.#levels.push({ columns: new Map(), extent: [MAX_CELL, MAX_CELL, -MAX_CELL, -MAX_CELL] });
    return this.#gridOf(level);
  }
}

function entryOf(box: Box): Entry {
  const extent = Math.max(box[3] - box[0], box[5] - box[2]);
  let level = 0;
  while (level < MAX_LEVEL && columnMetres(level) < extent) level += 1;
  const column = cellOf((box[0] + box[3]) / 2, level);
  const row = cellOf((box[2] + box[5]) / 2, level);
  return { box, level, column, row, key: keyOf(column, row) };
}

function* columnsWithin(
  { columns, extent }: Grid,
  level: number,
  { around, touches }: Volume,
): Generator<ReadonlySet<TreeNode>> {
  // What is wider than the widest columns reaches any distance.
  const reach = level < MAX_LEVEL ? columnMetres(level) * REACH_COLUMNS : Number.POSITIVE_INFINITY;
  const left = Math.max(extent[0], cellOf(around[0] - reach, level));
  const right = Math.min(extent[2], cellOf(around[3] + reach, level));
  const back = Math.max(extent[1], cellOf(around[2] - reach, level));
  const front = Math.min(extent[3], cellOf(around[5] + reach, level));
  if ((right - left + 1) * (front - back + 1) > columns.size) {
    for (const [key, nodes] of columns)
      if (touches(columnBox(columnOf(key), rowOf(key), level, reach))) yield nodes;
    return;
  }
  for (let column = left; column <= right; column++)
    for (let row = back; row <= front; row++) {
      const nodes = columns.get(keyOf(column, row));
      if (nodes !== undefined && touches(columnBox(column, row, level, reach))) yield nodes;
    }
}

/** All that an object in a column may reach. The outermost columns have no outer side. */
function columnBox(column: number, row: number, level: number, reach: number): Box {
  const metres = columnMetres(level);
  return [
    column === -MAX_CELL ? -FAR : Math.max(-FAR, column * metres - reach),
    -FAR,
    row === -MAX_CELL ? -FAR : Math.max(-FAR, row * metres - reach),
    column === MAX_CELL ? FAR : Math.min(FAR, (column + 1) * metres + reach),
    FAR,
    row === MAX_CELL ? FAR : Math.min(FAR, (row + 1) * metres + reach),
  ];
}

function columnMetres(level: number): number {
  return CELL_METRES * LEVEL_FACTOR ** level;
}

function cellOf(metres: number, level: number): number {
  return Math.min(MAX_CELL, Math.max(-MAX_CELL, Math.floor(metres / columnMetres(level))));
}

const ROWS = 2 * MAX_CELL + 1;

function columnOf(key: number): number {
  return Math.floor(key / ROWS) - MAX_CELL;
}

function rowOf(key: number): number {
  return (key % ROWS) - MAX_CELL;
}

function keyOf(column: number, row: number): number {
  return (column + MAX_CELL) * ROWS + row + MAX_CELL;
}
