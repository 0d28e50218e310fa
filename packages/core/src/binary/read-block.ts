import type { Path } from '../ids.ts';
import { Column } from '../register/column.ts';
import { RowLayout, RowRegisters } from '../register/row-registers.ts';
import type { Stamp } from '../stamp/stamp.ts';
import { badFile } from './bad-file.ts';
import { ByteReader } from './byte-reader.ts';
import { PRESENCE } from './column-codes.ts';
import { MAX_BLOCK_COLUMNS, MAX_BLOCK_OBJECTS, MAX_BLOCK_REGISTERS } from './limits.ts';
import type { ProblemList } from './problem-list.ts';
import { readValues } from './read-column.ts';
import { ReadStamps } from './read-stamps.ts';
import type { ReadTables } from './read-tables.ts';
import type { StringQueue } from './string-queue.ts';

/** A block of consecutive objects while its columns come in. */
export class ReadBlock {
  readonly objects: number;
  /** Those at a path that is one. */
  readonly columns: Column[] = [];
  /** Whether nothing in it is malformed. */
  isSound = true;
  readonly #first: number;
  readonly #tables: ReadTables;
  readonly #problems: ProblemList;
  readonly #stamps: ReadStamps;
  /** Each of them once; first that of objects without a register. */
  readonly #layouts: RowLayout[] = [new RowLayout()];
  /** Of each object the columns in which it has a register that is sound, so far: a place in `#layouts`. */
  readonly #layoutOf: Int32Array;
  #columnsLeft: number;
  #registers = 0;
  #lastPath = -1;
  /** Which objects have a register at the last path, sound or not: one may not have two. */
  #seen: Uint8Array;

  constructor(content: Uint8Array, first: number, tables: ReadTables, problems: ProblemList) {
    const reader = new ByteReader(content);
    const left = Math.min(MAX_BLOCK_OBJECTS, tables.objects.length - first);
    this.objects = reader.count(left, 'objects in the block');
    if (this.objects === 0) throw badFile('an object in each block', 'none');
    this.#first = first;
    this.#tables = tables;
    this.#problems = problems;
    this.#stamps = new ReadStamps(reader, this.objects, tables);
    this.#columnsLeft = reader.count(MAX_BLOCK_COLUMNS, 'columns in a block');
    reader.end();
    this.#layoutOf = new Int32Array(this.objects);
    this.#seen = new Uint8Array(this.objects);
  }

  get isWhole(): boolean {
    return this.#columnsLeft === 0;
  }

  /** What stamps occur, each once. */
  get distinctStamps(): readonly Stamp[] {
    return this.#stamps.distinct;
  }

  get registers(): number {
    return this.#registers;
  }

  addColumn(content: Uint8Array, strings: StringQueue): void {
    this.#columnsLeft -= 1;
    const reader = new ByteReader(content);
    const pathIndex = reader.varint();
    const path = this.#tables.paths[pathIndex];
    if (path === undefined) throw badFile(`one of ${this.#tables.paths.length} paths`, `number ${pathIndex}`);
    if (pathIndex < this.#lastPath) throw badFile('columns in the order of their paths', 'another order');
    if (pathIndex > this.#lastPath) this.#seen.fill(0);
    this.#lastPath = pathIndex;
    const present = readPresence(reader, this.objects);
    const count = present?.length ?? this.objects;
    this.#registers += count;
    if (this.#registers > MAX_BLOCK_REGISTERS)
      throw badFile(`at most ${MAX_BLOCK_REGISTERS} registers in a block`, 'more');
    const stamps = this.#stamps.readColumn(reader, count);
    const values = readValues(reader, count, strings, this.#tables);
    reader.end();
    if (path === null) {
      this.isSound = false;
      return;
    }
    const column = new Column(path, present, stamps, values);
    this.columns.push(column);
    this.#place(column, present, count);
  }

  /** The registers of each object, once the block is whole; `null` where it has none. */
  rows(): (RowRegisters | null)[] {
    const [layouts, layoutOf] = [this.#layouts, this.#layoutOf];
    const rows: (RowRegisters | null)[] = [];
    for (let object = 0; object < layoutOf.length; object++) {
      const number = layoutOf[object] ?? 0;
      const layout = layouts[number];
      rows.push(number === 0 || layout === undefined ? null : new RowRegisters(layout, object));
    }
    return rows;
  }

  #place(column: Column, present: Uint16Array | null, count: number): void {
    const isSound = column.values.isWhole && this.#stamps.isWhole;
    this.isSound &&= isSound;
    const [seen, layouts, layoutOf] = [this.#seen, this.#layouts, this.#layoutOf];
    /** From each layout the one that is longer by this column; 0 where there is none yet. */
    const longer = new Int32Array(layouts.length);
    for (let at = 0; at < count; at++) {
      const object = present === null ? at : (present[at] ?? 0);
      if (seen[object] === 1) throw badFile('one register at a path', `two at ${column.path}`);
      seen[object] = 1;
      if (!isSound && this.#isDropped(column, object, at)) continue;
      const before = layoutOf[object] ?? 0;
      let after = longer[before] ?? 0;
      if (after === 0) {
        after = layouts.length;
        layouts.push(new RowLayout(column, layouts[before]));
        longer[before] = after;
      }
      layoutOf[object] = after;
    }
  }

  /** Whether a register is malformed; then it is reported. */
  #isDropped({ path, stamps, values }: Column, object: number, at: number): boolean {
    if (stamps.stamp(object, at) === null) this.#drop(object, path, 'the stamp is malformed or out of range');
    else if (values.value(at) === undefined) this.#drop(object, path, 'the value is malformed or too large');
    else return false;
    return true;
  }

  #drop(object: number, path: Path, reason: string): void {
    this.#problems.add(path, reason, this.#tables.objects[this.#first + object] ?? null);
  }
}

/** The objects that a column has a register of; `null` for all. */
function readPresence(reader: ByteReader, count: number): Uint16Array | null {
  const form = reader.u8();
  if (form === PRESENCE.all) return null;
  if (form === PRESENCE.list) return reader.ascending(reader.count(count, 'objects in the block'), count);
  if (form !== PRESENCE.bits) throw badFile('a known form of presence', `form ${form}`);
  const bits = reader.bytes(Math.ceil(count / 8));
  const present = new Uint16Array(count);
  let length = 0;
  for (let object = 0; object < count; object++)
    if (((bits[object >> 3] ?? 0) >> (object & 7)) & 1) present[length++] = object;
  return present.slice(0, length);
}
