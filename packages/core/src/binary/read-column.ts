import { readValue } from '../value/normalise.ts';
import type { Value } from '../value/value.ts';
import { badFile } from './bad-file.ts';
import type { ByteReader } from './byte-reader.ts';
import { VALUES } from './column-codes.ts';
import { MAX_JSON_CHARACTERS, MAX_VECTOR_LENGTH } from './limits.ts';
import { readNumbers } from './number-run.ts';
import { readIndexes } from './packed-integers.ts';
import type { ReadTables } from './read-tables.ts';
import type { StringQueue } from './string-queue.ts';
import { readText } from './text-value.ts';

/** The values of a column; one that is not a value is `undefined`, and dropped alone. */
export type ReadValues = readonly (Value | undefined)[];

export function readValues(
  reader: ByteReader,
  count: number,
  strings: StringQueue,
  tables: ReadTables,
): ReadValues {
  const kind = reader.u8();
  if (kind !== VALUES.table) return readPlain(kind, reader, count, strings, tables);
  const entries = reader.count(count, 'different values');
  const values = readPlain(reader.u8(), reader, entries, strings, tables);
  return pick(values, readIndexes(reader, count, entries, 'different values'));
}

function readPlain(
  kind: number,
  reader: ByteReader,
  count: number,
  strings: StringQueue,
  tables: ReadTables,
): ReadValues {
  switch (kind) {
    case VALUES.json:
      return strings.take(count).map(readJson);
    case VALUES.text:
      return strings.take(count).map(readText);
    case VALUES.shared:
      return pick(tables.sharedTexts, readIndexes(reader, count, tables.sharedTexts.length, 'texts'));
    case VALUES.id:
      return pick(tables.ids, readIndexes(reader, count, tables.ids.length, 'ids'));
    case VALUES.numbers:
      return readVectors(reader, count);
    default:
      throw badFile('a known kind of values', `kind ${kind}`);
  }
}

function pick<T>(from: readonly T[], indexes: Float64Array): (T | undefined)[] {
  const picked: (T | undefined)[] = [];
  for (let at = 0; at < indexes.length; at++) picked.push(from[indexes[at] ?? 0]);
  return picked;
}

function readJson(json: string): Value | undefined {
  if (json.length > MAX_JSON_CHARACTERS) return undefined;
  try {
    return readValue(JSON.parse(json));
  } catch {
    return undefined;
  }
}

function readVectors(reader: ByteReader, count: number): ReadValues {
  const length = reader.count(MAX_VECTOR_LENGTH, 'numbers in an array');
  const runs = Array.from({ length: Math.max(length, 1) }, () => readNumbers(reader, count));
  const members = runs.map(({ numbers }) => numbers);
  const values: (Value | undefined)[] = [];
  for (let at = 0; at < count; at++) values.push(vectorAt(members, length, at));
  if (runs.every(({ areFinite }) => areFinite)) return values;
  return values.map((value, at) =>
    members.every((numbers) => Number.isFinite(numbers[at])) ? value : undefined,
  );
}

/** Literals for the common lengths: a loop over the members makes this several times slower. */
function vectorAt(members: readonly Float64Array[], length: number, at: number): Value | undefined {
  const [x, y, z, w] = members;
  if (length === 0) return x?.[at];
  if (length === 3) return Object.freeze([x?.[at] ?? 0, y?.[at] ?? 0, z?.[at] ?? 0]);
  if (length === 4) return Object.freeze([x?.[at] ?? 0, y?.[at] ?? 0, z?.[at] ?? 0, w?.[at] ?? 0]);
  return Object.freeze(members.map((numbers) => numbers[at] ?? 0));
}
