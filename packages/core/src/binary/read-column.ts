import type { ColumnValues } from '../register/column.ts';
import { readValue } from '../value/normalise.ts';
import type { Value } from '../value/value.ts';
import { badFile } from './bad-file.ts';
import type { ByteReader } from './byte-reader.ts';
import { VALUES } from './column-codes.ts';
import { MAX_JSON_CHARACTERS, MAX_VECTOR_LENGTH } from './limits.ts';
import { readNumbers } from './number-run.ts';
import { readIndexes } from './packed-integers.ts';
import type { ReadTables } from './read-tables.ts';
import { ListedValues, NumberValues, SharedValues, VectorValues } from './read-values.ts';
import type { StringQueue } from './string-queue.ts';
import { readTexts } from './text-value.ts';

export function readValues(
  reader: ByteReader,
  count: number,
  strings: StringQueue,
  tables: ReadTables,
): ColumnValues {
  const kind = reader.u8();
  if (kind !== VALUES.table) return readPlain(kind, reader, count, strings, tables);
  const entries = reader.count(count, 'different values');
  const values = readPlain(reader.u8(), reader, entries, strings, tables);
  return new SharedValues(values, readIndexes(reader, count, entries, 'different values'));
}

function readPlain(
  kind: number,
  reader: ByteReader,
  count: number,
  strings: StringQueue,
  tables: ReadTables,
): ColumnValues {
  switch (kind) {
    case VALUES.json:
      return new ListedValues(strings.take(count).map(readJson));
    case VALUES.text:
      return new ListedValues(readTexts(strings.take(count)));
    case VALUES.shared:
      return new SharedValues(
        tables.sharedTexts,
        readIndexes(reader, count, tables.sharedTexts.length, 'texts'),
      );
    case VALUES.id:
      return new SharedValues(tables.ids, readIndexes(reader, count, tables.ids.length, 'ids'));
    case VALUES.numbers:
      return readVectors(reader, count);
    default:
      throw badFile('a known kind of values', `kind ${kind}`);
  }
}

function readJson(json: string): Value | undefined {
  if (json.length > MAX_JSON_CHARACTERS) return undefined;
  try {
    return readValue(JSON.parse(json));
  } catch {
    return undefined;
  }
}

function readVectors(reader: ByteReader, count: number): ColumnValues {
  const length = reader.count(MAX_VECTOR_LENGTH, 'numbers in an array');
  const members = Array.from({ length: Math.max(length, 1) }, () => readNumbers(reader, count));
  const [first] = members;
  return length > 0 || first === undefined ? new VectorValues(members) : new NumberValues(first);
}
