import { StoreError, type StoreErrorCode } from '../store-error.ts';

/** Primary result codes of SQLite (sqlite.org/rescode.html). */
const CODE_OF_RESULT: Readonly<Record<number, StoreErrorCode>> = {
  3: 'unavailable', // SQLITE_PERM
  5: 'busy', // SQLITE_BUSY
  6: 'busy', // SQLITE_LOCKED
  8: 'unavailable', // SQLITE_READONLY
  11: 'corrupt', // SQLITE_CORRUPT
  13: 'full', // SQLITE_FULL
  14: 'unavailable', // SQLITE_CANTOPEN
  26: 'corrupt', // SQLITE_NOTADB
};

const EXPECTED: Readonly<Partial<Record<StoreErrorCode, string>>> = {
  busy: 'one opener at a time',
  full: 'room on the disk',
  corrupt: 'a whole SQLite file',
  unavailable: 'a file that can be read and written',
};

/** Names the situation of an error of `node:sqlite`. */
export function sqliteError(what: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const code = CODE_OF_RESULT[resultOf(error) & 0xff] ?? 'failed';
  const got = error instanceof Error ? error.message : String(error);
  return new StoreError(code, { what, expected: EXPECTED[code] ?? 'the disk to do it', got, cause: error });
}

// The low byte of an extended result code is the primary one.
function resultOf(error: unknown): number {
  const result: unknown = error instanceof Error ? Reflect.get(error, 'errcode') : null;
  return typeof result === 'number' ? result : 0;
}
