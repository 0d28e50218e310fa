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
  return a === b ? 0 : compareUtf8(canonicalJson(a), canonicalJson(b));
}
