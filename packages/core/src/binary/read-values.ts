import type { Register } from '../register/register.ts';
import type { Stamp } from '../stamp/stamp.ts';
import type { Value } from '../value/value.ts';

/** The values of a column, as the registers that hold them. */
export interface ReadValues {
  /** `undefined` where there is no value: it was malformed, and is dropped alone. */
  register(at: number, stamp: Stamp): Register | undefined;
}

/** Each value by itself. */
export class ListedValues implements ReadValues {
  readonly #values: readonly (Value | undefined)[];

  constructor(values: readonly (Value | undefined)[]) {
    this.#values = values;
  }

  register(at: number, stamp: Stamp): Register | undefined {
    const value = this.#values[at];
    return value === undefined ? undefined : { value, stamp };
  }
}

/** Few values for many objects: those that have the same stamp, too, share one register. */
export class SharedValues implements ReadValues {
  readonly #values: ReadValues;
  readonly #indexes: Float64Array;
  readonly #registers = new Map<number, Register>();

  constructor(values: ReadValues, indexes: Float64Array) {
    this.#values = values;
    this.#indexes = indexes;
  }

  register(at: number, stamp: Stamp): Register | undefined {
    const index = this.#indexes[at] ?? 0;
    const known = this.#registers.get(index);
    if (known?.stamp === stamp) return known;
    const register = this.#values.register(index, stamp);
    if (register !== undefined) this.#registers.set(index, register);
    return register;
  }
}

/** Arrays of numbers. They are most of a world, and most of them are never read: each is made when it is asked for. */
export class VectorValues implements ReadValues {
  readonly #members: readonly Float64Array[];

  constructor(members: readonly Float64Array[]) {
    this.#members = members;
  }

  register(at: number, stamp: Stamp): Register | undefined {
    for (const numbers of this.#members) if (!Number.isFinite(numbers[at])) return undefined;
    return new VectorRegister(stamp, this.#members, at);
  }
}

/** A register that keeps its column: a third of the memory of one that holds an array. */
class VectorRegister implements Register {
  readonly stamp: Stamp;
  readonly #members: readonly Float64Array[];
  readonly #at: number;
  #value: Value | null = null;

  constructor(stamp: Stamp, members: readonly Float64Array[], at: number) {
    this.stamp = stamp;
    this.#members = members;
    this.#at = at;
  }

  /** The same frozen array each time. */
  get value(): Value {
    this.#value ??= Object.freeze(this.#members.map((numbers) => numbers[this.#at] ?? 0));
    return this.#value;
  }
}
