import { canonicalJson } from '../value/canonical.ts';
import { isList, type Value } from '../value/value.ts';
import { ByteWriter } from './byte-writer.ts';
import { VALUES } from './column-codes.ts';
import { decimalsOf, isFloat32 } from './decimals.ts';
import { MAX_VECTOR_LENGTH } from './limits.ts';
import { writeNumbers } from './number-run.ts';
import { packingOf, writePacked } from './packed-integers.ts';
import type { WriteTables } from './write-tables.ts';

/** Values that are written alike: only they share a column. */
export interface ValueClass {
  readonly kind: number;
  /** Numbers of each value; 0 for plain numbers, and for what is no number. */
  readonly length: number;
  readonly precision: number;
}

/** Coarse decimals, fine decimals, large integers, float32, float64: one odd number must not widen all others. */
const PRECISION = { none: 0, coarse: 1, fine: 2, integer: 3, float32: 4, float64: 5 } as const;
const MAX_COARSE_DECIMALS = 3;

/** A table of values is given up where most of the first so many differ. */
const TABLE_SAMPLE = 64;
const MAX_SAMPLE_DISTINCT = 48;

/** A written column: its bytes and the strings that it takes from the queue. */
interface Written {
  readonly bytes: Uint8Array;
  readonly strings: readonly string[];
}

export function classOf(value: Value, tables: WriteTables): ValueClass {
  if (typeof value === 'number') return numberClass(0, precisionOf(value));
  if (typeof value === 'string') {
    if (tables.isId(value)) return ID_CLASS;
    return tables.isShared(value) ? SHARED_CLASS : TEXT_CLASS;
  }
  if (value === null || typeof value !== 'object' || !isList(value)) return JSON_CLASS;
  if (value.length === 0 || value.length > MAX_VECTOR_LENGTH) return JSON_CLASS;
  let precision: number = PRECISION.none;
  for (const member of value) {
    if (typeof member !== 'number') return JSON_CLASS;
    precision = Math.max(precision, precisionOf(member));
  }
  return numberClass(value.length, precision);
}

/** Orders the classes of one path. */
export function rankOf(valueClass: ValueClass): number {
  return (valueClass.kind * (MAX_VECTOR_LENGTH + 1) + valueClass.length) * 8 + valueClass.precision;
}

/** Writes the values of one class, or a table of the different ones with an index each where that is smaller. */
export function writeValues(
  writer: ByteWriter,
  strings: string[],
  { kind, length }: ValueClass,
  values: readonly Value[],
  tables: WriteTables,
): void {
  const plain = () => writePlain(kind, length, values, tables);
  const written =
    kind === VALUES.text ? plain() : smaller(writeTable(kind, length, values, tables), plain, values.length);
  writer.bytes(written.bytes);
  for (const string of written.strings) strings.push(string);
}

const JSON_CLASS: ValueClass = { kind: VALUES.json, length: 0, precision: 0 };
const TEXT_CLASS: ValueClass = { kind: VALUES.text, length: 0, precision: 0 };
const SHARED_CLASS: ValueClass = { kind: VALUES.shared, length: 0, precision: 0 };
const ID_CLASS: ValueClass = { kind: VALUES.id, length: 0, precision: 0 };
const numberClasses = new Map<number, ValueClass>();

function numberClass(length: number, precision: number): ValueClass {
  const key = length * 8 + precision;
  const known = numberClasses.get(key);
  if (known !== undefined) return known;
  const added = { kind: VALUES.numbers, length, precision };
  numberClasses.set(key, added);
  return added;
}

function precisionOf(number: number): number {
  const decimals = decimalsOf(number);
  if (decimals !== undefined) return decimals <= MAX_COARSE_DECIMALS ? PRECISION.coarse : PRECISION.fine;
  if (Number.isSafeInteger(number)) return PRECISION.integer;
  return isFloat32(number) ? PRECISION.float32 : PRECISION.float64;
}

/** A table may cost a bit a value more: what it shares, the reader holds once. */
function smaller(table: Written | undefined, plain: () => Written, count: number): Written {
  if (table === undefined) return plain();
  const other = plain();
  return sizeOf(table) <= sizeOf(other) + Math.floor(count / 8) ? table : other;
}

/** Strings are deflated later; half of their length is a fair guess. */
function sizeOf({ bytes, strings }: Written): number {
  return strings.reduce((size, string) => size + 1 + string.length / 2, bytes.length);
}

function writeTable(
  kind: number,
  length: number,
  values: readonly Value[],
  tables: WriteTables,
): Written | undefined {
  const indexes = new Map<unknown, number>();
  const distinct: Value[] = [];
  const chosen = new Float64Array(values.length);
  for (const [at, value] of values.entries()) {
    const key = keyOf(kind, value);
    const known = indexes.get(key);
    chosen[at] = known ?? distinct.length;
    if (known !== undefined) continue;
    indexes.set(key, distinct.length);
    distinct.push(value);
    if (at < TABLE_SAMPLE && distinct.length > MAX_SAMPLE_DISTINCT) return undefined;
  }
  const packing = packingOf(chosen);
  if (packing === undefined) return undefined;
  const inner = writePlain(kind, length, distinct, tables);
  const writer = new ByteWriter();
  writer.u8(VALUES.table);
  writer.varint(distinct.length);
  writer.bytes(inner.bytes);
  writePacked(writer, chosen, packing);
  return { bytes: writer.take(), strings: inner.strings };
}

function keyOf(kind: number, value: Value): unknown {
  if (typeof value === 'string' || typeof value === 'number') return value;
  return kind === VALUES.numbers ? String(value) : canonicalJson(value);
}

function writePlain(kind: number, length: number, values: readonly Value[], tables: WriteTables): Written {
  const writer = new ByteWriter();
  writer.u8(kind);
  if (kind === VALUES.json) return { bytes: writer.take(), strings: values.map(canonicalJson) };
  const texts = kind === VALUES.numbers ? [] : values.filter((value) => typeof value === 'string');
  if (kind === VALUES.text) return { bytes: writer.take(), strings: texts };
  if (kind === VALUES.numbers) {
    writer.u8(length);
    for (let member = 0; member < Math.max(length, 1); member++)
      writeNumbers(writer, membersOf(values, length, member));
  } else {
    const indexes = Float64Array.from(texts, (text) =>
      kind === VALUES.id ? tables.idIndex(text) : tables.sharedIndex(text),
    );
    const packing = packingOf(indexes);
    if (packing !== undefined) writePacked(writer, indexes, packing);
  }
  return { bytes: writer.take(), strings: [] };
}

function membersOf(values: readonly Value[], length: number, member: number): Float64Array {
  const numbers = new Float64Array(values.length);
  for (const [at, value] of values.entries()) {
    const number =
      length === 0 ? value : value !== null && typeof value === 'object' && isList(value) ? value[member] : 0;
    if (typeof number === 'number') numbers[at] = number;
  }
  return numbers;
}
