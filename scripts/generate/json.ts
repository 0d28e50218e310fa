/** JSON as this folder makes it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonRecord;

export interface JsonRecord {
  readonly [name: string]: Json;
}

const MAX_LINE_CHARACTERS = 110;
const INDENT = '  ';

/** The same text for the same JSON: records broken, lists in one line where they fit, a line break at the end. */
export function jsonText(value: Json): string {
  return `${textOf(value, '', 0)}\n`;
}

/** @param taken characters of the line that stand before and after the value */
function textOf(value: Json, indent: string, taken: number): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const inner = indent + INDENT;
  if (isList(value)) {
    const line = `[${value.map((item) => textOf(item, inner, 0)).join(', ')}]`;
    if (!line.includes('\n') && indent.length + taken + line.length <= MAX_LINE_CHARACTERS) return line;
    return `[\n${value.map((item) => inner + textOf(item, inner, 1)).join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(value).map(([name, member]) => {
    const key = `${JSON.stringify(name)}: `;
    return inner + key + textOf(member, inner, key.length + 1);
  });
  return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n${indent}}`;
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isRecord(value: Json | undefined): value is JsonRecord {
  return typeof value === 'object' && value !== null && !isList(value);
}

/** What a library's object says as JSON. */
export function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}
