import type { ObjectId, Path } from '../ids.ts';
import { compareUtf8 } from '../value/utf8.ts';
import { isList, type Value } from '../value/value.ts';
import type { ChangeSet } from './change-set.ts';
import { KIND_PATH, NAME_PATH, OWNER_PATH, peekAt, type ReadRegisters } from './facts.ts';

/** What an index of one property is ordered by. */
export type Scalar = string | number | boolean;

/** One end of a range. */
export interface Bound {
  readonly value: string | number;
  /** Whether the value itself belongs to it. */
  readonly inclusive: boolean;
}

/** Indexed from the first query on, without being declared. */
export const BUILT_IN_INDEXES: ReadonlySet<Path> = new Set([KIND_PATH, NAME_PATH, OWNER_PATH]);

/** Visible objects by what one property holds, or by what its list holds. */
export interface PropertyLookup {
  /** Whether any object holds a list here: such a one may fit both ends of a range by different items. */
  readonly hasLists: boolean;
  equal(value: Scalar): ReadonlySet<ObjectId>;
  /** Between two values of one type, either of which may be missing. An object with a list may come more than once. */
  range(low: Bound | null, high: Bound | null): { readonly size: number; readonly ids: Iterable<ObjectId> };
}

const NOBODY: ReadonlySet<ObjectId> = new Set();
const NOTHING: readonly Scalar[] = [];

/** An index of a declared property: by equality, and by order for texts (UTF-8 bytes) and numbers. */
export class PropertyIndex implements PropertyLookup {
  readonly #path: Path;
  readonly #read: ReadRegisters;
  readonly #objects = new Map<Scalar, Set<ObjectId>>();
  readonly #keys = new Map<ObjectId, readonly Scalar[]>();
  readonly #lists = new Set<ObjectId>();
  // Sorted when first asked for, and kept so from then on.
  #texts: string[] | null = null;
  #numbers: number[] | null = null;

  constructor(path: Path, read: ReadRegisters, ids: Iterable<ObjectId>) {
    this.#path = path;
    this.#read = read;
    for (const id of ids) this.#put(id);
  }

  get hasLists(): boolean {
    return this.#lists.size > 0;
  }

  equal(value: Scalar): ReadonlySet<ObjectId> {
    return this.#objects.get(value) ?? NOBODY;
  }

  range(low: Bound | null, high: Bound | null): { readonly size: number; readonly ids: Iterable<ObjectId> } {
    const isText = typeof (low ?? high)?.value === 'string';
    return isText
      ? this.#slice(this.#sortedTexts(), low, high, compareTexts)
      : this.#slice(this.#sortedNumbers(), low, high, compareNumbers);
  }

  update({ added, removed, changed }: ChangeSet): void {
    for (const id of removed) this.#take(id);
    for (const id of added) this.#put(id);
    for (const [id, paths] of changed) {
      if (!paths.includes(this.#path)) continue;
      this.#take(id);
      this.#put(id);
    }
  }

  #slice(
    keys: readonly Scalar[],
    low: Bound | null,
    high: Bound | null,
    compare: (a: Scalar, b: Scalar) => number,
  ): { readonly size: number; readonly ids: Iterable<ObjectId> } {
    const from = low === null ? 0 : positionOf(keys, low.value, !low.inclusive, compare);
    const to = high === null ? keys.length : positionOf(keys, high.value, high.inclusive, compare);
    const found = Math.max(0, to - from);
    const size = Math.ceil((found * this.#keys.size) / Math.max(1, this.#objects.size));
    return { size, ids: { [Symbol.iterator]: () => this.#idsOf(keys, from, to) } };
  }

  *#idsOf(keys: readonly Scalar[], from: number, to: number): Generator<ObjectId> {
    for (let at = from; at < to; at++) {
      const key = keys[at];
      if (key !== undefined) yield* this.equal(key);
    }
  }

  #sortedTexts(): string[] {
    this.#texts ??= [...this.#objects.keys()].filter((key) => typeof key === 'string').sort(compareUtf8);
    return this.#texts;
  }

  #sortedNumbers(): number[] {
    this.#numbers ??= [...this.#objects.keys()]
      .filter((key) => typeof key === 'number')
      .sort((a, b) => a - b);
    return this.#numbers;
  }

  #put(id: ObjectId): void {
    const registers = this.#read(id);
    const value = registers === undefined ? null : (peekAt(registers, this.#path) ?? null);
    const keys = keysOf(value);
    if (keys.length === 0) return;
    if (typeof value === 'object') this.#lists.add(id);
    this.#keys.set(id, keys);
    for (const key of keys) {
      const objects = this.#objects.get(key);
      if (objects !== undefined) {
        objects.add(id);
        continue;
      }
      this.#objects.set(key, new Set([id]));
      this.#sort(key, 0);
    }
  }

  #take(id: ObjectId): void {
    for (const key of this.#keys.get(id) ?? NOTHING) {
      const objects = this.#objects.get(key);
      objects?.delete(id);
      if (objects?.size !== 0) continue;
      this.#objects.delete(key);
      this.#sort(key, 1);
    }
    this.#keys.delete(id);
    this.#lists.delete(id);
  }

  /** Puts a key that came into the sorted keys, or takes out one that is gone. */
  #sort(key: Scalar, gone: 0 | 1): void {
    if (typeof key === 'string') splice(this.#texts, key, gone, compareTexts);
    if (typeof key === 'number') splice(this.#numbers, key, gone, compareNumbers);
  }
}

function splice<Key extends Scalar>(
  keys: Key[] | null,
  key: Key,
  gone: 0 | 1,
  compare: (a: Scalar, b: Scalar) => number,
): void {
  if (keys === null) return;
  const at = positionOf(keys, key, false, compare);
  if (gone === 1) keys.splice(at, 1);
  else keys.splice(at, 0, key);
}

/** Where a value belongs among sorted keys: before or behind its equal. */
function positionOf(
  keys: readonly Scalar[],
  value: Scalar,
  behind: boolean,
  compare: (a: Scalar, b: Scalar) => number,
): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compare(keys[middle] ?? '', value);
    if (order < 0 || (behind && order === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compareTexts(a: Scalar, b: Scalar): number {
  return compareUtf8(String(a), String(b));
}

function compareNumbers(a: Scalar, b: Scalar): number {
  return Number(a) - Number(b);
}

/** What an object is found by: its value, or every value in its list and the lists therein. */
function keysOf(value: Value): readonly Scalar[] {
  if (value === null) return NOTHING;
  if (typeof value !== 'object') return [value];
  return isList(value) ? [...new Set(value.flatMap(keysOf))] : NOTHING;
}
