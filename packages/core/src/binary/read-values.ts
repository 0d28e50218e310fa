import type { ColumnValues } from '../register/column.ts';
import type { Register } from '../register/register.ts';
import type { Stamp } from '../stamp/stamp.ts';
import { mostWireBytes } from '../value/most-wire-bytes.ts';
import type { Value } from '../value/value.ts';
import type { NumberRun } from './number-run.ts';
import type { PackedIntegers } from './packed-integers.ts';

/** Each value by itself; `undefined` for those that are malformed. */
export class ListedValues implements ColumnValues {
  readonly isWhole: boolean;
  readonly isFull: boolean;
  readonly #values: readonly (Value | undefined)[];
  /** Looked for when it is asked for: most who read a file change nothing of it. */
  #mostWireBytes: number | null = null;

  constructor(values: readonly (Value | undefined)[]) {
    this.#values = values;
    this.isWhole = !values.includes(undefined);
    this.isFull = this.isWhole && !values.includes(null);
  }

  get length(): number {
    return this.#values.length;
  }

  get mostWireBytes(): number {
    this.#mostWireBytes ??= mostBytesOf(this.#values);
    return this.#mostWireBytes;
  }

  value(at: number): Value | undefined {
    return this.#values[at];
  }

  peek(at: number): Value | undefined {
    return this.#values[at];
  }

  list(): readonly (Value | undefined)[] {
    return this.#values;
  }

  holds(at: number): boolean {
    return this.#values[at] != null;
  }

  register(at: number, stamp: Stamp): Register {
    return { value: this.#values[at] ?? null, stamp };
  }
}

/** Few values for many objects: each is held once. */
export class SharedValues implements ColumnValues {
  readonly isWhole: boolean;
  readonly isFull: boolean;
  readonly #values: ColumnValues;
  readonly #indexes: PackedIntegers;

  /** @param indexes of values that are there */
  constructor(values: ColumnValues, indexes: PackedIntegers) {
    this.#values = values;
    this.#indexes = indexes;
    // One that nobody refers to may be malformed: then each is looked at.
    this.isWhole = values.isWhole;
    this.isFull = values.isFull;
  }

  value(at: number): Value | undefined {
    return this.#values.value(this.#indexes.at(at));
  }

  get mostWireBytes(): number {
    return this.#values.mostWireBytes;
  }

  /** Few as they are, they may as well last. */
  peek(at: number): Value | undefined {
    return this.value(at);
  }

  list(): readonly (Value | undefined)[] {
    const values = this.#values.list();
    const indexes = this.#indexes.all();
    const list: (Value | undefined)[] = [];
    for (let at = 0; at < indexes.length; at++) list.push(values[indexes[at] ?? 0]);
    return list;
  }

  holds(at: number): boolean {
    return this.#values.holds(this.#indexes.at(at));
  }

  register(at: number, stamp: Stamp): Register {
    return this.#values.register(this.#indexes.at(at), stamp);
  }
}

/** Plain numbers. */
export class NumberValues implements ColumnValues {
  readonly isWhole: boolean;
  readonly mostWireBytes = mostWireBytes(0);
  readonly isFull: boolean;
  readonly #numbers: NumberRun;

  constructor(numbers: NumberRun) {
    this.#numbers = numbers;
    this.isWhole = numbers.allFinite;
    this.isFull = this.isWhole;
  }

  value(at: number): Value | undefined {
    const number = this.#numbers.at(at);
    return Number.isFinite(number) ? number : undefined;
  }

  peek(at: number): Value | undefined {
    return this.value(at);
  }

  list(): readonly (Value | undefined)[] {
    return listOf(this, this.#numbers.length);
  }

  holds(at: number): boolean {
    return this.isWhole || this.value(at) !== undefined;
  }

  register(at: number, stamp: Stamp): Register {
    return { value: this.#numbers.at(at), stamp };
  }
}

/** Arrays of numbers. They are most of a world, and most of them are never read: each is made when it is asked for. */
export class VectorValues implements ColumnValues {
  readonly isWhole: boolean;
  readonly isFull: boolean;
  readonly #members: readonly NumberRun[];
  /** Made with the first of them: most columns are never read. */
  #made: (Value | undefined)[] | null = null;

  constructor(members: readonly NumberRun[]) {
    this.#members = members;
    this.isWhole = members.every(({ allFinite }) => allFinite);
    this.isFull = this.isWhole;
  }

  get mostWireBytes(): number {
    return mostWireBytes(this.#members.map(() => 0));
  }

  /** The same frozen array each time. */
  value(at: number): Value | undefined {
    if (!this.holds(at)) return undefined;
    this.#made ??= new Array<Value | undefined>(this.#members[0]?.length ?? 0);
    this.#made[at] ??= Object.freeze(this.#make(at));
    return this.#made[at];
  }

  peek(at: number): Value | undefined {
    if (!this.holds(at)) return undefined;
    return this.#made?.[at] ?? this.#make(at);
  }

  list(): readonly (Value | undefined)[] {
    return listOf(this, this.#members[0]?.length ?? 0);
  }

  #make(at: number): readonly number[] {
    const numbers: number[] = [];
    for (const member of this.#members) numbers.push(member.at(at));
    return numbers;
  }

  holds(at: number): boolean {
    return this.isWhole || this.#members.every((numbers) => Number.isFinite(numbers.at(at)));
  }

  register(at: number, stamp: Stamp): Register {
    return new VectorRegister(stamp, this, at);
  }
}

/** A register that keeps its column: a third of the memory of one that holds an array. */
class VectorRegister implements Register {
  readonly stamp: Stamp;
  readonly #values: VectorValues;
  readonly #at: number;

  constructor(stamp: Stamp, values: VectorValues, at: number) {
    this.stamp = stamp;
    this.#values = values;
    this.#at = at;
  }

  get value(): Value {
    return this.#values.value(this.#at) ?? null;
  }
}

function listOf(values: Pick<ColumnValues, 'value'>, length: number): (Value | undefined)[] {
  return Array.from({ length }, (_, at) => values.value(at));
}

function mostBytesOf(values: readonly (Value | undefined)[]): number {
  let most = 0;
  for (const value of values) if (value !== undefined) most = Math.max(most, mostWireBytes(value));
  return most;
}
