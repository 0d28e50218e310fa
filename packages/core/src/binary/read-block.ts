import type { Path } from '../ids.ts';
import type { Register } from '../register/register.ts';
import { isTime, type Stamp } from '../stamp/stamp.ts';
import { badFile } from './bad-file.ts';
import { ByteReader } from './byte-reader.ts';
import { PRESENCE, STAMPS } from './column-codes.ts';
import { MAX_BLOCK_COLUMNS, MAX_BLOCK_OBJECTS, MAX_BLOCK_REGISTERS } from './limits.ts';
import { readIndexes } from './packed-integers.ts';
import type { ProblemList } from './problem-list.ts';
import { readValues } from './read-column.ts';
import type { ReadTables } from './read-tables.ts';
import type { ReadValues } from './read-values.ts';
import { RowRegisters, type Shape } from './row-registers.ts';
import type { StringQueue } from './string-queue.ts';

/** Registers of one path, waiting for the rest of their block. */
interface ReadColumn {
  readonly path: Path;
  /** Object numbers within the block, ascending; `null` for all. */
  readonly present: readonly number[] | null;
  /** `null` where each register has its object's stamp. */
  readonly stamps: readonly (Stamp | null)[] | null;
  readonly values: ReadValues;
  next: number;
}

/** A block of consecutive objects while its columns come in. */
export class ReadBlock {
  readonly objects: number;
  readonly #first: number;
  readonly #tables: ReadTables;
  readonly #problems: ProblemList;
  /** A stamp that is malformed is `null`: its registers are dropped. */
  readonly #stamps: readonly (Stamp | null)[];
  readonly #own: Float64Array;
  readonly #shapes: Shape;
  readonly #row: Register[] = [];
  readonly #columns: ReadColumn[] = [];
  #columnsLeft: number;
  #registers = 0;
  #lastPath = -1;

  constructor(content: Uint8Array, first: number, tables: ReadTables, shapes: Shape, problems: ProblemList) {
    const reader = new ByteReader(content);
    const left = Math.min(MAX_BLOCK_OBJECTS, tables.objects.length - first);
    this.objects = reader.count(left, 'objects in the block');
    if (this.objects === 0) throw badFile('an object in each block', 'none');
    this.#first = first;
    this.#tables = tables;
    this.#shapes = shapes;
    this.#problems = problems;
    this.#stamps = readStamps(reader, tables);
    this.#own =
      this.#stamps.length === 0
        ? new Float64Array(this.objects)
        : readIndexes(reader, this.objects, this.#stamps.length, 'stamps');
    this.#columnsLeft = reader.count(MAX_BLOCK_COLUMNS, 'columns in a block');
    reader.end();
  }

  get isWhole(): boolean {
    return this.#columnsLeft === 0;
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
    this.#lastPath = pathIndex;
    const present = readPresence(reader, this.objects);
    const count = present?.length ?? this.objects;
    this.#registers += count;
    if (this.#registers > MAX_BLOCK_REGISTERS)
      throw badFile(`at most ${MAX_BLOCK_REGISTERS} registers in a block`, 'more');
    const stamps = this.#readColumnStamps(reader, present, count);
    const values = readValues(reader, count, strings, this.#tables);
    reader.end();
    if (path !== null) this.#columns.push({ path, present, stamps, values, next: 0 });
  }

  /** The registers of one object. To be called once for each, in order. */
  registersOf(object: number): ReadonlyMap<Path, Register> {
    const own = this.#stamps[this.#own[object] ?? 0] ?? null;
    const registers = this.#row;
    registers.length = 0;
    let shape = this.#shapes;
    let last: Path | null = null;
    for (const column of this.#columns) {
      const at = column.next;
      if (column.present !== null && column.present[at] !== object) continue;
      column.next = at + 1;
      const stamp = column.stamps === null ? own : (column.stamps[at] ?? null);
      const register = stamp === null ? undefined : column.values.register(at, stamp);
      if (column.path === last) throw badFile('one register at a path', `two at ${last}`);
      last = column.path;
      if (register === undefined) this.#drop(object, column.path, stamp !== null);
      else {
        shape = shape.with(column.path);
        registers.push(register);
      }
    }
    // A copy is as long as it must be, which an array that has grown is not.
    return new RowRegisters(shape, registers.slice());
  }

  #drop(object: number, path: Path, isValue: boolean): void {
    const reason = isValue ? 'the value is malformed or too large' : 'the stamp is malformed or out of range';
    this.#problems.add(path, reason, this.#tables.objects[this.#first + object] ?? null);
  }

  #readColumnStamps(
    reader: ByteReader,
    present: readonly number[] | null,
    count: number,
  ): readonly (Stamp | null)[] | null {
    const form = reader.u8();
    if (form === STAMPS.own) return null;
    if (form === STAMPS.each) {
      const numbers = readIndexes(reader, count, this.#stamps.length, 'stamps');
      return Array.from(numbers, (number) => this.#stamps[number] ?? null);
    }
    if (form !== STAMPS.exceptions) throw badFile('a known form of stamps', `form ${form}`);
    const stamps: (Stamp | null)[] = [];
    for (let at = 0; at < count; at++) {
      const object = present === null ? at : (present[at] ?? 0);
      stamps.push(this.#stamps[this.#own[object] ?? 0] ?? null);
    }
    const differing = reader.count(count, 'stamps that differ');
    for (let at = -1, read = 0; read < differing; read++) {
      at = nextOf(at, reader.varint(), count);
      const number = reader.varint();
      const stamp = this.#stamps[number];
      if (stamp === undefined) throw badFile(`one of ${this.#stamps.length} stamps`, `number ${number}`);
      stamps[at] = stamp;
    }
    return stamps;
  }
}

function readStamps(reader: ByteReader, tables: ReadTables): (Stamp | null)[] {
  // Each takes two bytes at least.
  const count = reader.count(Math.floor(reader.left / 2), 'stamps in what is left of the section');
  const stamps: (Stamp | null)[] = [];
  let time = 0;
  for (let read = 0; read < count; read++) {
    time += reader.varint();
    const index = reader.varint();
    const actor = tables.actors[index];
    if (actor === undefined) throw badFile(`one of ${tables.actors.length} actors`, `number ${index}`);
    stamps.push(actor !== null && isTime(time) ? { time, actor } : null);
  }
  return stamps;
}

/** The objects that a column has a register of; `null` for all. */
function readPresence(reader: ByteReader, count: number): readonly number[] | null {
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
  return present;
}

/** The number after a gap. */
function nextOf(before: number, gap: number, count: number): number {
  const next = before + 1 + gap;
  if (next >= count) throw badFile(`numbers below ${count}`, String(next));
  return next;
}
