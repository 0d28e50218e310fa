import { POSE_CELL_METRES, POSE_UNITS_PER_METRE, poseCell } from '@weft/protocol';

/** How far one has to be inside another cell until it counts, in metres. */
export const CELL_MARGIN_METRES = 8;

const AROUND = [-1, 0, 1] as const;
const KEYS_A_ROW = 4096;
const CELL_UNITS = POSE_CELL_METRES * POSE_UNITS_PER_METRE;
const MARGIN_UNITS = CELL_MARGIN_METRES * POSE_UNITS_PER_METRE;

/** A cell of the ground. What is in it stays there until it is well inside another. */
export class Cell {
  readonly x: number;
  readonly z: number;

  /** @param x steps of a pose, as are all coordinates here */
  constructor(x: number, z: number) {
    this.x = poseCell(x);
    this.z = poseCell(z);
  }

  /** The cell of what was in this one and now stands there: this one, as long as that counts. */
  followedTo(x: number, z: number): Cell {
    return isWithin(x, this.x) && isWithin(z, this.z) ? this : new Cell(x, z);
  }

  /** A number of its own. */
  get key(): number {
    return keyOf(this.x, this.z);
  }

  /** The numbers of this one and those around it. */
  keysAround(): number[] {
    return AROUND.flatMap((dx) => AROUND.map((dz) => keyOf(this.x + dx, this.z + dz)));
  }

  /** Whether the other one is this one, or around it. */
  isBeside({ x, z }: Cell): boolean {
    return Math.abs(x - this.x) <= 1 && Math.abs(z - this.z) <= 1;
  }
}

/** Whether what is in one cell is seen from another; everything is from everywhere (`null`), and who is nowhere yet from any. */
export function seesFrom(from: Cell | null, cell: Cell | null): boolean {
  return from === null || cell === null || from.isBeside(cell);
}

function keyOf(x: number, z: number): number {
  return x * KEYS_A_ROW + z;
}

function isWithin(units: number, cell: number): boolean {
  const from = cell * CELL_UNITS;
  return units >= from - MARGIN_UNITS && units < from + CELL_UNITS + MARGIN_UNITS;
}
