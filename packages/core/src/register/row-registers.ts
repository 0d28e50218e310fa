import type { ActorId, Path } from '../ids.ts';
import { compareStamps, type Stamp, type Time } from '../stamp/stamp.ts';
import { isSameValue } from '../value/canonical.ts';
import type { Value } from '../value/value.ts';
import type { Column } from './column.ts';
import type { Register } from './register.ts';

/** Some columns of a block in order, shared by all objects that have a register in just these: another layout and one column more. */
export class RowLayout {
  readonly last: Column | null;
  readonly size: number;
  readonly #before: RowLayout | null;
  // Made for the layouts that objects end at, not for all on the way there.
  #columns: readonly Column[] | null = null;
  #stamped: readonly Column[] | null = null;
  #byPath: ReadonlyMap<Path, Column> | null = null;
  #paths: ReadonlySet<Path> | null = null;
  #mostWireBytes: number | null = null;
  #byPrefix: Map<string, readonly Column[]> | null = null;
  #picked: { readonly paths: readonly Path[]; readonly columns: readonly (Column | undefined)[] } | null =
    null;
  #isFull: boolean | null = null;

  constructor(last: Column | null = null, before: RowLayout | null = null) {
    this.last = last;
    this.#before = before;
    this.size = before === null ? 0 : before.size + 1;
  }

  get columns(): readonly Column[] {
    if (this.#columns !== null) return this.#columns;
    const columns: Column[] = [];
    for (let at: RowLayout | null = this; at !== null; at = at.#before)
      if (at.last !== null) columns.push(at.last);
    this.#columns = columns.reverse();
    return this.#columns;
  }

  /** One column of each kind of stamps: most layouts have one kind, the stamp of the object. */
  get stamped(): readonly Column[] {
    this.#stamped ??= [...new Map(this.columns.map((column) => [column.stamps, column])).values()];
    return this.#stamped;
  }

  get byPath(): ReadonlyMap<Path, Column> {
    this.#byPath ??= new Map(this.columns.map((column) => [column.path, column]));
    return this.#byPath;
  }

  /** The columns whose paths start so. */
  under(prefix: string): readonly Column[] {
    this.#byPrefix ??= new Map();
    const known = this.#byPrefix.get(prefix);
    if (known !== undefined) return known;
    const found = this.columns.filter(({ path }) => path.startsWith(prefix));
    this.#byPrefix.set(prefix, found);
    return found;
  }

  /** The columns at some paths, for who asks for the same list of many objects. */
  pick(paths: readonly Path[]): readonly (Column | undefined)[] {
    if (this.#picked?.paths === paths) return this.#picked.columns;
    const columns = paths.map((path) => this.byPath.get(path));
    this.#picked = { paths, columns };
    return columns;
  }

  /** Whether a column holds another value than `null` for every object. */
  get isFull(): boolean {
    this.#isFull ??= this.columns.some(({ values }) => values.isFull);
    return this.#isFull;
  }

  get paths(): ReadonlySet<Path> {
    this.#paths ??= new Set(this.byPath.keys());
    return this.#paths;
  }

  /** See `RowRegisters.mostWireBytes`. */
  get mostWireBytes(): number {
    this.#mostWireBytes ??= this.columns.reduce(
      (bytes, { path, values }) => bytes + 2 * path.length + values.mostWireBytes,
      0,
    );
    return this.#mostWireBytes;
  }
}

/**
 * The registers of one object of a block: a view of its columns, which makes a register when it is read. Most of a large
 * world is never read, and what is not made need not be collected, either. A register that is read twice is equal, not
 * identical; its value and its stamp are the same instances each time. By itself it is what a patch says of an object that
 * was not purged (an `ObjectPatch`): one thing less to make for each object of a world.
 */
export class RowRegisters implements ReadonlyMap<Path, Register> {
  readonly #layout: RowLayout;
  readonly #object: number;

  constructor(layout: RowLayout, object: number) {
    this.#layout = layout;
    this.#object = object;
  }

  get registers(): this {
    return this;
  }

  get purge(): null {
    return null;
  }

  get size(): number {
    return this.#layout.size;
  }

  /** The same set for all objects with the same layout. */
  get paths(): ReadonlySet<Path> {
    return this.#layout.paths;
  }

  /** `get(path)?.value` without a register. */
  valueAt(path: Path): Value | undefined {
    const column = this.#layout.byPath.get(path);
    return column?.values.value(column.placeOf(this.#object));
  }

  /** `valueAt` for the path at a place of a list, the same list for many objects. */
  pickAt(paths: readonly Path[], place: number): Value | undefined {
    const column = this.#layout.pick(paths)[place];
    return column?.values.value(column.placeOf(this.#object));
  }

  /** `valueAt` for who keeps nothing of it. */
  peekAt(path: Path): Value | undefined {
    const column = this.#layout.byPath.get(path);
    return column?.values.peek(column.placeOf(this.#object));
  }

  /** A bound on what paths, twice, and values of an object with just these columns take in an event; looks at no value. */
  get mostWireBytes(): number {
    return this.#layout.mostWireBytes;
  }

  /** Each stamp that a register has; one that several have may come once. */
  forEachStamp(visit: (stamp: Stamp) => void): void {
    for (const column of this.#layout.stamped) {
      const stamp = column.stampOf(this.#object);
      if (stamp !== null) visit(stamp);
    }
  }

  /** Whether any register, or any whose path starts so, holds another value than `null`. */
  holdsAny(prefix?: string): boolean {
    if (prefix === undefined && this.#layout.isFull) return true;
    const columns = prefix === undefined ? this.#layout.columns : this.#layout.under(prefix);
    for (const column of columns) if (column.values.holds(column.placeOf(this.#object))) return true;
    return false;
  }

  /** Where the values other than `null` are, of those whose paths start so. */
  heldUnder(prefix: string): readonly Path[] {
    const held: Path[] = [];
    for (const column of this.#layout.under(prefix))
      if (column.values.holds(column.placeOf(this.#object))) held.push(column.path);
    return held;
  }

  /** Of the stamps of all registers; `null` where there are none. */
  earliestTime(): Time | null {
    let earliest: Time | null = null;
    this.forEachStamp(({ time }) => {
      if (earliest === null || time < earliest) earliest = time;
    });
    return earliest;
  }

  latestTime(): Time | null {
    let latest: Time | null = null;
    this.forEachStamp(({ time }) => {
      if (latest === null || time > latest) latest = time;
    });
    return latest;
  }

  /** Whether any register is stamped by this actor. */
  isWrittenBy(actor: ActorId): boolean {
    for (const column of this.#layout.stamped) if (column.stampOf(this.#object)?.actor === actor) return true;
    return false;
  }

  /** Whether both hold the same registers; makes none. */
  isSameAs(other: RowRegisters): boolean {
    if (this.size !== other.size) return false;
    for (const column of this.#layout.columns) {
      const theirs = other.#layout.byPath.get(column.path);
      if (theirs === undefined) return false;
      const [stamp, theirStamp] = [column.stampOf(this.#object), theirs.stampOf(other.#object)];
      if (stamp === null || theirStamp === null || compareStamps(stamp, theirStamp) !== 0) return false;
      const value = column.values.peek(column.placeOf(this.#object));
      const theirValue = theirs.values.peek(theirs.placeOf(other.#object));
      if (value === undefined || theirValue === undefined || !isSameValue(value, theirValue)) return false;
    }
    return true;
  }

  get(path: Path): Register | undefined {
    return this.#layout.byPath.get(path)?.register(this.#object);
  }

  has(path: Path): boolean {
    return this.#layout.byPath.has(path);
  }

  keys(): MapIterator<Path> {
    return this.#layout.byPath.keys();
  }

  *values(): MapIterator<Register> {
    for (const [, register] of this.entries()) yield register;
  }

  *entries(): MapIterator<[Path, Register]> {
    for (const column of this.#layout.columns) {
      const register = column.register(this.#object);
      if (register !== undefined) yield [column.path, register];
    }
  }

  [Symbol.iterator](): MapIterator<[Path, Register]> {
    return this.entries();
  }

  forEach(visit: (register: Register, path: Path, all: ReadonlyMap<Path, Register>) => void): void {
    for (const column of this.#layout.columns) {
      const register = column.register(this.#object);
      if (register !== undefined) visit(register, column.path, this);
    }
  }
}
