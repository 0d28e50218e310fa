import { POSE_UNITS_PER_METRE } from '@weft/protocol';
import type { Mover } from './mover.ts';

/** A place in steps of a pose. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** Where somebody stands of whom nothing was told yet. */
const NOWHERE = 2 ** 30;

/** Movers and where they stand, side by side: whoever looks for the nearest looks at all, and memory is what takes the time. */
export class Sight {
  readonly movers: readonly Mover[];
  #places: Int32Array | null = null;

  constructor(movers: readonly Mover[]) {
    this.movers = movers;
  }

  /** x, y and z of each. Gathered when somebody asks. */
  get places(): Int32Array {
    this.#places ??= this.#gather();
    return this.#places;
  }

  #gather(): Int32Array {
    const places = new Int32Array(3 * this.movers.length).fill(NOWHERE);
    let at = 0;
    for (const { pose } of this.movers) {
      for (let axis = 0; axis < 3 && pose !== null; axis++) places[at + axis] = pose.numbers[axis] ?? 0;
      at += 3;
    }
    return places;
  }
}

/** Squares of distances fall into classes, four for each doubling: a sort would cost more than all the rest. */
const CLASSES = 128;
const MAX_SQUARE = 2 ** 31 - 2;
/** Below a quarter of a metre all are alike. */
const SQUARE_STEPS = (4 / POSE_UNITS_PER_METRE) ** 2;

/**
 * So many movers who are nearest to a place, in the order in which they were given; of those who are about as far as the last
 * of them, the first. Those who were not told of yet are far. Costs two looks at each.
 */
export function nearestOf({ x, y, z }: Place, { movers, places }: Sight, count: number): Mover[] {
  const classes = new Uint8Array(movers.length);
  const sizes = new Uint32Array(CLASSES);
  for (let at = 0; at < movers.length; at++) {
    const first = 3 * at;
    const of = classOf((places[first] ?? 0) - x, (places[first + 1] ?? 0) - y, (places[first + 2] ?? 0) - z);
    classes[at] = of;
    sizes[of] = (sizes[of] ?? 0) + 1;
  }
  let last = 0;
  let nearer = 0;
  while (last < CLASSES - 1 && nearer + (sizes[last] ?? 0) < count) nearer += sizes[last++] ?? 0;
  let left = count - nearer;
  return movers.filter((_mover, at) => {
    const of = classes[at] ?? 0;
    return of < last || (of === last && left-- > 0);
  });
}

function classOf(x: number, y: number, z: number): number {
  // From 4, so that there are two bits below the highest.
  const square = 4 + Math.min(MAX_SQUARE - 4, Math.floor((x * x + y * y + z * z) * SQUARE_STEPS));
  const power = 31 - Math.clz32(square);
  return 4 * power + ((square >> (power - 2)) & 3);
}
