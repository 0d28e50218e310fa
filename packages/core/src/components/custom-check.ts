import { compareUtf8 } from '../value/utf8.ts';
import { isList, type Value } from '../value/value.ts';
import type { CustomSchema } from './custom-schema.ts';
import { anyWords, noOther, schemaWords } from './custom-words.ts';

/** Pairs of a schema and a value that one check may look at; a value that needs more does not fit. */
export const MAX_SCHEMA_STEPS = 10_000;

/** Where a value does not fit its schema. */
export interface Misfit {
  /** Within the value: `.legs[2]`; empty for the value itself. */
  readonly at: string;
  /** What would have been accepted, as the end of "expected ...". */
  readonly expected: string;
}

interface Fuel {
  left: number;
}

/**
 * Whether a value fits a stranger's schema: `null` if so, else the first place where it does not, in the order of
 * `protocol-spec/rules.md`, so that every implementation runs out of steps at the same place.
 */
export function misfitOf(schema: CustomSchema, value: Value): Misfit | null {
  const fuel = { left: MAX_SCHEMA_STEPS };
  const misfit = check(schema, value, '', fuel);
  if (misfit === null || fuel.left > 0) return misfit;
  return { at: misfit.at, expected: `a value that is checked within ${MAX_SCHEMA_STEPS} steps` };
}

function check(schema: CustomSchema, value: Value, at: string, fuel: Fuel): Misfit | null {
  if (fuel.left === 0) return { at, expected: 'less to check' };
  fuel.left -= 1;
  if (!fitsItself(schema, value)) return { at, expected: schemaWords(schema) };
  if (typeof value === 'object' && value !== null) {
    const inner = isList(value) ? checkItems(schema, value, at, fuel) : checkMembers(schema, value, at, fuel);
    if (inner !== null) return inner;
  }
  return schema.anyOf === null ? null : checkAnyOf(schema.anyOf, value, at, fuel);
}

/** All that does not look inside. */
function fitsItself(schema: CustomSchema, value: Value): boolean {
  if (schema.types !== null && !hasType(schema.types, value)) return false;
  if (schema.options !== null && !(isScalar(value) && schema.options.has(value))) return false;
  if (schema.constant !== null && schema.constant.value !== value) return false;
  if (typeof value === 'number') return fitsNumber(schema, value);
  if (typeof value === 'string') return fitsText(schema, value);
  return !Array.isArray(value) || isWithin(value.length, schema.minItems, schema.maxItems);
}

function hasType(types: ReadonlySet<string>, value: Value): boolean {
  if (value === null) return types.has('null');
  if (typeof value === 'number')
    return types.has('number') || (types.has('integer') && Number.isInteger(value));
  if (typeof value === 'object') return types.has(isList(value) ? 'array' : 'object');
  return types.has(typeof value);
}

function isScalar(value: Value): value is string | number | boolean | null {
  return value === null || typeof value !== 'object';
}

function fitsNumber(schema: CustomSchema, value: number): boolean {
  const { exclusiveMinimum: above, exclusiveMaximum: below } = schema;
  return (
    isWithin(value, schema.minimum, schema.maximum) &&
    (above === null || value > above) &&
    (below === null || value < below)
  );
}

function fitsText({ minLength, maxLength }: CustomSchema, text: string): boolean {
  if (minLength === null && maxLength === null) return true;
  // JSON Schema counts code points, of which there are at most as many as units, and at least half.
  if (maxLength !== null && text.length > 2 * maxLength) return false;
  if (isWithin(text.length, minLength === null ? null : 2 * minLength, maxLength)) return true;
  let length = 0;
  for (const _point of text) length += 1;
  return isWithin(length, minLength, maxLength);
}

function isWithin(value: number, least: number | null, most: number | null): boolean {
  return (least === null || value >= least) && (most === null || value <= most);
}

function checkItems(schema: CustomSchema, items: readonly Value[], at: string, fuel: Fuel): Misfit | null {
  const { prefixItems, items: rest, additionalItems } = schema;
  if (!additionalItems && items.length > prefixItems.length)
    return { at, expected: `an array of at most ${prefixItems.length} items` };
  for (const [index, item] of items.entries()) {
    const each = prefixItems[index] ?? rest;
    if (each === null) return null;
    const misfit = check(each, item, `${at}[${index}]`, fuel);
    if (misfit !== null) return misfit;
  }
  return null;
}

function checkMembers(
  schema: CustomSchema,
  record: { readonly [name: string]: Value },
  at: string,
  fuel: Fuel,
): Misfit | null {
  const { properties, required, additionalProperties: additional } = schema;
  for (const name of required)
    if (!Object.hasOwn(record, name)) return { at: `${at}.${name}`, expected: 'a value' };
  for (const [name, each] of properties) {
    const member = Object.hasOwn(record, name) ? record[name] : undefined;
    const misfit = member === undefined ? null : check(each, member, `${at}.${name}`, fuel);
    if (misfit !== null) return misfit;
  }
  if (additional === true) return null;
  for (const name of Object.keys(record).sort(compareUtf8)) {
    const member = record[name];
    if (properties.has(name) || member === undefined) continue;
    if (additional === false) return { at: `${at}.${name}`, expected: noOther(properties.keys()) };
    const misfit = check(additional, member, `${at}.${name}`, fuel);
    if (misfit !== null) return misfit;
  }
  return null;
}

function checkAnyOf(
  alternatives: readonly CustomSchema[],
  value: Value,
  at: string,
  fuel: Fuel,
): Misfit | null {
  for (const alternative of alternatives) if (check(alternative, value, at, fuel) === null) return null;
  return { at, expected: anyWords(alternatives) };
}
