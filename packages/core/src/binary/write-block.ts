import type { Path } from '../ids.ts';
import type { Patch } from '../register/patch.ts';
import type { Register } from '../register/register.ts';
import type { Stamp } from '../stamp/stamp.ts';
import type { Value } from '../value/value.ts';
import { beyondLimit } from './bad-file.ts';
import { BlockStamps } from './block-stamps.ts';
import { ByteWriter } from './byte-writer.ts';
import { PRESENCE, STAMPS } from './column-codes.ts';
import { MAX_BLOCK_COLUMNS, MAX_BLOCK_OBJECTS, MAX_BLOCK_REGISTERS } from './limits.ts';
import { packingOf, varintBytes, writePacked } from './packed-integers.ts';
import { SECTION, writeSection } from './section.ts';
import { writeStrings } from './string-queue.ts';
import { classOf, rankOf, type ValueClass, writeValues } from './value-column.ts';
import type { WriteTables } from './write-tables.ts';

/** Registers of one path and one class of values, in the order of the objects. */
interface Column {
  readonly path: Path;
  readonly valueClass: ValueClass;
  /** Object numbers within the block, ascending. */
  readonly objects: number[];
  readonly values: Value[];
  readonly stamps: Stamp[];
}

/** Writes the registers of all objects, block by block. */
export function writeBlocks(writer: ByteWriter, patch: Patch, tables: WriteTables): void {
  let block = new BlockColumns();
  let first = 0;
  const flush = (next: number): void => {
    block.write(writer, tables, next - first);
    block = new BlockColumns();
    first = next;
  };
  for (const [at, id] of tables.objects.entries()) {
    const registers = patch.objects.get(id)?.registers ?? new Map<Path, Register>();
    if (registers.size > MAX_BLOCK_COLUMNS)
      throw beyondLimit(
        `write object ${id}`,
        `at most ${MAX_BLOCK_COLUMNS} properties`,
        String(registers.size),
      );
    if (at - first === MAX_BLOCK_OBJECTS || !block.fits(registers, tables)) flush(at);
    block.add(at - first, registers, tables);
  }
  if (tables.objects.length > first) flush(tables.objects.length);
}

class BlockColumns {
  readonly #byPath = new Map<Path, Map<number, Column>>();
  #columns = 0;
  #registers = 0;

  /** Whether one more object leaves the block within its bounds. */
  fits(registers: ReadonlyMap<Path, Register>, tables: WriteTables): boolean {
    if (this.#registers + registers.size > MAX_BLOCK_REGISTERS) return false;
    // No object adds more columns than it has registers: most need no closer look.
    if (this.#columns + registers.size <= MAX_BLOCK_COLUMNS) return true;
    let added = 0;
    for (const [path, { value }] of registers)
      if (this.#byPath.get(path)?.has(rankOf(classOf(value, tables))) !== true) added += 1;
    return this.#columns + added <= MAX_BLOCK_COLUMNS;
  }

  add(object: number, registers: ReadonlyMap<Path, Register>, tables: WriteTables): void {
    this.#registers += registers.size;
    for (const [path, { value, stamp }] of registers) {
      const column = this.#column(path, classOf(value, tables));
      column.objects.push(object);
      column.values.push(value);
      column.stamps.push(stamp);
    }
  }

  write(writer: ByteWriter, tables: WriteTables, count: number): void {
    const columns = [...this.#byPath]
      .flatMap(([, byClass]) => [...byClass.values()])
      .sort(
        (a, b) =>
          tables.pathIndex(a.path) - tables.pathIndex(b.path) || rankOf(a.valueClass) - rankOf(b.valueClass),
      );
    const stamps = new BlockStamps(columns, count);
    const head = new ByteWriter();
    head.varint(count);
    stamps.write(head, tables);
    head.varint(columns.length);
    const strings: string[] = [];
    const written = columns.map((column) => writeColumn(column, count, stamps, strings, tables));
    writeStrings(writer, strings);
    writeSection(writer, SECTION.block, head.take());
    for (const column of written) writeSection(writer, SECTION.column, column);
  }

  #column(path: Path, valueClass: ValueClass): Column {
    let byClass = this.#byPath.get(path);
    if (byClass === undefined) {
      byClass = new Map();
      this.#byPath.set(path, byClass);
    }
    const rank = rankOf(valueClass);
    const known = byClass.get(rank);
    if (known !== undefined) return known;
    const added: Column = { path, valueClass, objects: [], values: [], stamps: [] };
    byClass.set(rank, added);
    this.#columns += 1;
    return added;
  }
}

function writeColumn(
  { path, valueClass, objects, values, stamps }: Column,
  count: number,
  blockStamps: BlockStamps,
  strings: string[],
  tables: WriteTables,
): Uint8Array {
  const writer = new ByteWriter();
  writer.varint(tables.pathIndex(path));
  writePresence(writer, objects, count);
  writeColumnStamps(writer, objects, stamps, blockStamps);
  writeValues(writer, strings, valueClass, values, tables);
  return writer.take();
}

function writePresence(writer: ByteWriter, objects: readonly number[], count: number): void {
  if (objects.length === count) {
    writer.u8(PRESENCE.all);
    return;
  }
  const gaps = gapsOf(objects);
  const bitBytes = Math.ceil(count / 8);
  if (bitBytes <= gapBytes(gaps)) {
    writer.u8(PRESENCE.bits);
    const bits = writer.space(bitBytes);
    for (const object of objects) bits[object >> 3] = (bits[object >> 3] ?? 0) | (1 << (object & 7));
    return;
  }
  writer.u8(PRESENCE.list);
  writer.varint(gaps.length);
  for (const gap of gaps) writer.varint(gap);
}

function writeColumnStamps(
  writer: ByteWriter,
  objects: readonly number[],
  stamps: readonly Stamp[],
  blockStamps: BlockStamps,
): void {
  const numbers = Float64Array.from(stamps, (stamp) => blockStamps.numberOf(stamp));
  const odd: number[] = [];
  for (const [at, object] of objects.entries()) if (numbers[at] !== blockStamps.own(object)) odd.push(at);
  if (odd.length === 0) {
    writer.u8(STAMPS.own);
    return;
  }
  const gaps = gapsOf(odd);
  const oddBytes = odd.reduce((sum, at) => sum + varintBytes(numbers[at] ?? 0), gapBytes(gaps));
  const packing = packingOf(numbers);
  if (packing !== undefined && packing.bytes <= oddBytes) {
    writer.u8(STAMPS.each);
    writePacked(writer, numbers, packing);
    return;
  }
  writer.u8(STAMPS.exceptions);
  writer.varint(odd.length);
  for (const [at, gap] of gaps.entries()) {
    writer.varint(gap);
    writer.varint(numbers[odd[at] ?? 0] ?? 0);
  }
}

/** How many are left out before each of some ascending numbers. */
function gapsOf(ascending: readonly number[]): readonly number[] {
  let next = 0;
  return ascending.map((number) => {
    const gap = number - next;
    next = number + 1;
    return gap;
  });
}

function gapBytes(gaps: readonly number[]): number {
  return gaps.reduce((sum, gap) => sum + varintBytes(gap), varintBytes(gaps.length));
}
