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
import { nextOf, ReadStamps } from './read-stamps.ts';
import type { ReadTables } from './read-tables.ts';
import type { StringQueue } from './string-queue.ts';

/** A block of consecutive objects while its columns come in. */
export class ReadBlock {
  readonly objects: number;
  readonly #first: number;
  readonly #tables: ReadTables;
  readonly #problems: ProblemList;
  readonly #stamps: ReadStamps;
  /** The columns in which each object has a register that is sound, so far. */
  readonly #layouts: RowLayout[];
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
    this.#layouts = new Array<RowLayout>(this.objects).fill(new RowLayout());
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
    if (path !== null) this.#place(new Column(path, present, stamps, values), present, count);
  }

  /** The registers of one object, once the block is whole. */
  registersOf(object: number): RowRegisters {
    return new RowRegisters(this.#layouts[object] ?? new RowLayout(), object);
  }

  #place(column: Column, present: Uint16Array | null, count: number): void {
    const isSound = column.values.isWhole && this.#stamps.isWhole;
    // Neighbours mostly have the same columns.
    let before: RowLayout | undefined;
    let after: RowLayout | undefined;
    for (let at = 0; at < count; at++) {
      const object = present === null ? at : (present[at] ?? 0);
      if (this.#seen[object] === 1) throw badFile('one register at a path', `two at ${column.path}`);
      this.#seen[object] = 1;
      if (!isSound && this.#isDropped(column, object, at)) continue;
      const layout = this.#layouts[object];
      if (layout !== before || after === undefined) {
        before = layout;
        after = layout?.with(column);
      }
      if (after !== undefined) this.#layouts[object] = after;
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
  const present: number[] = [];
  if (form === PRESENCE.bits) {
    const bits = reader.bytes(Math.ceil(count / 8));
    for (let object = 0; object < count; object++)
      if (((bits[object >> 3] ?? 0) >> (object & 7)) & 1) present.push(object);
  } else if (form === PRESENCE.list) {
    const listed = reader.count(count, 'objects in the block');
    for (let object = -1, read = 0; read < listed; read++) {
      object = nextOf(object, reader.varint(), count);
      present.push(object);
    }
  } else throw badFile('a known form of presence', `form ${form}`);
  return Uint16Array.from(present);
}
