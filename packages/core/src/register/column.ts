import type { Path } from '../ids.ts';
import type { Stamp } from '../stamp/stamp.ts';
import type { Value } from '../value/value.ts';
import type { Register } from './register.ts';

/** The values of a column by their place in it. */
export interface ColumnValues {
  /** The same instance each time; `undefined` where there is no value: it was malformed. */
  value(at: number): Value | undefined;
  /** The same value for who keeps nothing of it: what would have to be made is not made to last. */
  peek(at: number): Value | undefined;
  /** Whether the value is another than `null`, without making it. */
  holds(at: number): boolean;
  /** The register that holds the value; made anew each time. To be asked only where there is a value. */
  register(at: number, stamp: Stamp): Register;
  /** All of them in their order, for who looks at each: one loop instead of a call for every one. */
  list(): readonly (Value | undefined)[];
  /** Whether no value is malformed. */
  readonly isWhole: boolean;
  /** A bound on what any of these values takes in an event, in bytes: whoever asks for room need not look at one. */
  readonly mostWireBytes: number;
  /** Whether each is another than `null`, and none malformed. */
  readonly isFull: boolean;
}

/** The stamps of a column. */
export interface ColumnStamps {
  /** `null` where it was malformed. */
  stamp(object: number, at: number): Stamp | null;
}

/** The registers of one path for some of the objects of a block. */
export class Column {
  readonly path: Path;
  readonly stamps: ColumnStamps;
  readonly values: ColumnValues;
  /** Object numbers, ascending; `null` for all. */
  readonly objects: Uint16Array | null;

  constructor(path: Path, objects: Uint16Array | null, stamps: ColumnStamps, values: ColumnValues) {
    this.path = path;
    this.stamps = stamps;
    this.values = values;
    this.objects = objects;
  }

  /** The place of an object's register. To be asked only of an object that has one. */
  placeOf(object: number): number {
    return this.objects === null ? object : positionOf(this.objects, object);
  }

  stampOf(object: number): Stamp | null {
    return this.stamps.stamp(object, this.placeOf(object));
  }

  register(object: number): Register | undefined {
    const at = this.placeOf(object);
    const stamp = this.stamps.stamp(object, at);
    return stamp === null ? undefined : this.values.register(at, stamp);
  }
}

function positionOf(sorted: Uint16Array, object: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < object) low = middle + 1;
    else high = middle;
  }
  return low;
}
