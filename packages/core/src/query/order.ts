import { isObjectId, type ObjectId } from '../ids.ts';
import { canonicalJson } from '../value/canonical.ts';
import { readValue } from '../value/normalise.ts';
import { compareUtf8 } from '../value/utf8.ts';
import type { Value } from '../value/value.ts';
import { invalid, recordOf } from './invalid.ts';
import { MAX_CURSOR_CHARACTERS, MAX_SORT_PATHS } from './limits.ts';
import { type ValuePath, valuePathOf } from './value-path.ts';

/** What an object is sorted by; its id decides last. */
export interface Ranked {
  readonly id: ObjectId;
  readonly key: readonly Value[];
}

export interface SortPath {
  readonly path: ValuePath;
  readonly direction: 1 | -1;
}

export function checkSort(sort: unknown): readonly SortPath[] {
  if (sort === undefined) return [];
  const given = recordOf(sort, 'sort');
  if (given.size === 0 || given.size > MAX_SORT_PATHS)
    throw invalid('sort', `1 to ${MAX_SORT_PATHS} paths`, sort);
  return [...given].map(([name, direction]) => {
    const part = `sort.${name.slice(0, 200)}`;
    if (direction !== 1 && direction !== -1) throw invalid(part, '1 or -1', direction);
    return { path: valuePathOf(name, part), direction };
  });
}

/** Orders by the keys, each in its direction, then by id. */
export function compareRanked(a: Ranked, b: Ranked, directions: readonly (1 | -1)[]): number {
  for (let at = 0; at < a.key.length; at++) {
    const order = compareMixed(a.key[at] ?? null, b.key[at] ?? null);
    if (order !== 0) return order * (directions[at] ?? 1);
  }
  // Ids are ASCII, for which the default order is that of the bytes.
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** A total order over all values: absent, false, true, numbers, texts by UTF-8 bytes, then the rest by canonical JSON. */
export function compareMixed(a: Value, b: Value): number {
  if (a === b) return 0;
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0) return rank;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return compareUtf8(a, b);
  if (typeof a === 'boolean') return a ? 1 : -1;
  return compareUtf8(canonicalJson(a), canonicalJson(b));
}

function rankOf(value: Value): number {
  if (value === null) return 0;
  switch (typeof value) {
    case 'boolean':
      return 1;
    case 'number':
      return 2;
    case 'string':
      return 3;
    default:
      return 4;
  }
}

/** The place behind an object, in the order of its query: stays right while other objects come and go. */
export function cursorOf({ id, key }: Ranked): string {
  return JSON.stringify([...key, id]);
}

/** @param keys how many values this query sorts by */
export function checkCursor(after: unknown, keys: number): Ranked | null {
  if (after === undefined) return null;
  const parts = typeof after === 'string' && after.length <= MAX_CURSOR_CHARACTERS ? parse(after) : null;
  const id = parts?.at(-1);
  if (parts === null || parts.length !== keys + 1 || !isObjectId(id))
    throw invalid('after', '`next` of a page of the same query', after);
  const key = parts.slice(0, -1).map((part) => {
    const value = readValue(part);
    if (value === undefined) throw invalid('after', '`next` of a page of the same query', after);
    return value;
  });
  return { id, key };
}

function parse(text: string): readonly unknown[] | null {
  try {
    const parts: unknown = JSON.parse(text);
    return Array.isArray(parts) ? parts : null;
  } catch {
    return null;
  }
}
