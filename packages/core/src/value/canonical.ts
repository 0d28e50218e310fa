import { compareUtf8 } from './utf8.ts';
import { isList, type Value } from './value.ts';

/** The one text of a value: no spaces, keys in UTF-8 byte order, numbers as ECMAScript prints them. */
export function canonicalJson(value: Value): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => compareUtf8(a, b));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}

/** Orders values by their canonical JSON in UTF-8 bytes: the last tie-break between two registers. */
export function compareValues(a: Value, b: Value): number {
  // Most values that are compared are two readings of one register; writing both out to see that would cost far more.
  return isSameValue(a, b) ? 0 : compareUtf8(canonicalJson(a), canonicalJson(b));
}

/** Whether two values are equal; writes neither out. */
export function isSameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (isList(a) || isList(b))
    return isList(a) && isList(b) && a.length === b.length && a.every((item, at) => isSameItem(item, b[at]));
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSameItem(a[name], b[name]))
  );
}

function isSameItem(a: Value | undefined, b: Value | undefined): boolean {
  return a !== undefined && b !== undefined && isSameValue(a, b);
}
