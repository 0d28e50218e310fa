import { FORBIDDEN_NAMES } from '../ids.ts';
import { canonicalJson } from '../value/canonical.ts';
import { compareUtf8, utf8Length } from '../value/utf8.ts';
import { isList, type Value } from '../value/value.ts';
import type { EditorKind } from './property.ts';

/** The largest schema that a world may declare, in UTF-8 bytes of its canonical JSON. */
export const MAX_SCHEMA_BYTES = 8192;
/** How deeply schemas may stand within each other. */
export const MAX_SCHEMA_DEPTH = 16;
/** Options of one `enum`. */
export const MAX_ENUM_OPTIONS = 256;
/** Alternatives of one `anyOf`. */
export const MAX_ALTERNATIVE_SCHEMAS = 16;

type Scalar = string | number | boolean | null;

/** A JSON Schema of a stranger, read through the list of keywords below: plain data, safe to evaluate. */
export interface CustomSchema {
  types: ReadonlySet<string> | null;
  options: ReadonlySet<Scalar> | null;
  constant: { readonly value: Scalar } | null;
  minimum: number | null;
  maximum: number | null;
  exclusiveMinimum: number | null;
  exclusiveMaximum: number | null;
  minLength: number | null;
  maxLength: number | null;
  minItems: number | null;
  maxItems: number | null;
  /** The items of a tuple. */
  prefixItems: readonly CustomSchema[];
  /** The items after those of the tuple; `null` where anything may stand. */
  items: CustomSchema | null;
  /** Whether items may follow those of the tuple. */
  additionalItems: boolean;
  /** In UTF-8 byte order of their names. */
  properties: ReadonlyMap<string, CustomSchema>;
  /** Each once. */
  required: readonly string[];
  additionalProperties: CustomSchema | boolean;
  anyOf: readonly CustomSchema[] | null;
  title: string | null;
  description: string | null;
  unit: string | null;
  step: number | null;
  editor: EditorKind | null;
  readOnly: boolean;
  defaultValue: Value | undefined;
}

/** A schema that was read, or where and why it was not. */
export type SchemaReading = { readonly schema: CustomSchema } | { readonly problem: string };

class Misschema extends Error {}

const EDITORS: ReadonlySet<unknown> = new Set<EditorKind>([
  'text',
  'paragraph',
  'number',
  'switch',
  'choice',
  'vector',
  'rotation',
  'colour',
  'linear-colour',
  'list',
  'asset',
  'object',
  'json',
]);

type Reader = (into: CustomSchema, value: Value, at: string, depth: number) => void;

const TYPES: ReadonlySet<string> = new Set([
  'null',
  'boolean',
  'integer',
  'number',
  'string',
  'array',
  'object',
]);

/**
 * Every keyword that a stranger's schema may hold. Not among them, on purpose: `pattern` and `format` (they run strings),
 * `$ref` and `$defs` (they make graphs), `multipleOf` (floats divide differently), `uniqueItems` (quadratic),
 * `if`, `not`, `oneOf` and the rest (nothing needs them).
 */
const KEYWORDS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['type', (into, value, at) => (into.types = typesOf(value, at))],
  ['enum', (into, value, at) => (into.options = optionsOf(value, at))],
  ['const', (into, value, at) => (into.constant = { value: scalarOf(value, at) })],
  ['minimum', (into, value, at) => (into.minimum = numberOf(value, at))],
  ['maximum', (into, value, at) => (into.maximum = numberOf(value, at))],
  ['exclusiveMinimum', (into, value, at) => (into.exclusiveMinimum = numberOf(value, at))],
  ['exclusiveMaximum', (into, value, at) => (into.exclusiveMaximum = numberOf(value, at))],
  ['minLength', (into, value, at) => (into.minLength = countOf(value, at))],
  ['maxLength', (into, value, at) => (into.maxLength = countOf(value, at))],
  ['minItems', (into, value, at) => (into.minItems = countOf(value, at))],
  ['maxItems', (into, value, at) => (into.maxItems = countOf(value, at))],
  ['prefixItems', (into, value, at, depth) => (into.prefixItems = schemasOf(value, at, depth))],
  ['items', readItems],
  ['additionalItems', (into, value, at) => (into.additionalItems = flagOf(value, at))],
  ['properties', (into, value, at, depth) => (into.properties = propertiesOf(value, at, depth))],
  ['required', (into, value, at) => (into.required = namesOf(value, at))],
  [
    'additionalProperties',
    (into, value, at, depth) =>
      (into.additionalProperties = typeof value === 'boolean' ? value : schemaOf(value, at, depth)),
  ],
  ['anyOf', readAnyOf],
  ['title', (into, value, at) => (into.title = textOf(value, at))],
  ['description', (into, value, at) => (into.description = textOf(value, at))],
  ['unit', (into, value, at) => (into.unit = textOf(value, at))],
  ['step', (into, value, at) => (into.step = numberOf(value, at))],
  ['editor', (into, value) => (into.editor = isEditorKind(value) ? value : null)],
  ['readOnly', (into, value, at) => (into.readOnly = flagOf(value, at))],
  ['default', (into, value) => (into.defaultValue = value)],
  ['$schema', () => {}],
  ['$comment', () => {}],
]);

/** The keywords that `parseSchema` reads, in the order of `protocol-spec/rules.md`. */
export const SCHEMA_KEYWORDS: readonly string[] = [...KEYWORDS.keys()];

/** Reads a stranger's schema. Never throws; costs what the schema's bytes cost. */
export function parseSchema(json: Value): SchemaReading {
  try {
    if (utf8Length(canonicalJson(json)) > MAX_SCHEMA_BYTES)
      throw new Misschema(`the schema is larger than ${MAX_SCHEMA_BYTES} bytes`);
    return { schema: schemaOf(json, 'schema', 0) };
  } catch (error) {
    if (error instanceof Misschema) return { problem: error.message };
    throw error;
  }
}

function schemaOf(json: Value, at: string, depth: number): CustomSchema {
  if (depth === MAX_SCHEMA_DEPTH) throw new Misschema(`${at} is deeper than ${MAX_SCHEMA_DEPTH} schemas`);
  const into = blank();
  const members = new Map(membersOf(json, at));
  // Which of the two would count is a question of the order of members, and JSON has none.
  if (members.has('prefixItems') && Array.isArray(members.get('items')))
    throw new Misschema(`${at} says twice what its first items are`);
  for (const [keyword, value] of members) {
    const read = KEYWORDS.get(keyword);
    if (read === undefined) throw new Misschema(`${at} uses ${shorten(keyword)}, which schemas here may not`);
    read(into, value, `${at}.${keyword}`, depth + 1);
  }
  return into;
}

function blank(): CustomSchema {
  return {
    types: null,
    options: null,
    constant: null,
    minimum: null,
    maximum: null,
    exclusiveMinimum: null,
    exclusiveMaximum: null,
    minLength: null,
    maxLength: null,
    minItems: null,
    maxItems: null,
    prefixItems: [],
    items: null,
    additionalItems: true,
    properties: new Map(),
    required: [],
    additionalProperties: true,
    anyOf: null,
    title: null,
    description: null,
    unit: null,
    step: null,
    editor: null,
    readOnly: false,
    defaultValue: undefined,
  };
}

function isEditorKind(value: unknown): value is EditorKind {
  return EDITORS.has(value);
}

function readItems(into: CustomSchema, value: Value, at: string, depth: number): void {
  if (isList(value)) into.prefixItems = schemasOf(value, at, depth);
  else into.items = schemaOf(value, at, depth);
}

function readAnyOf(into: CustomSchema, value: Value, at: string, depth: number): void {
  const alternatives = schemasOf(value, at, depth);
  if (alternatives.length === 0 || alternatives.length > MAX_ALTERNATIVE_SCHEMAS)
    throw new Misschema(`${at} should hold 1 to ${MAX_ALTERNATIVE_SCHEMAS} schemas`);
  into.anyOf = alternatives;
}

function schemasOf(value: Value, at: string, depth: number): readonly CustomSchema[] {
  return listOf(value, at).map((item, index) => schemaOf(item, `${at}[${index}]`, depth));
}

function propertiesOf(value: Value, at: string, depth: number): ReadonlyMap<string, CustomSchema> {
  return new Map(
    membersOf(value, at)
      .sort(([a], [b]) => compareUtf8(a, b))
      .map(([name, json]) => [nameOf(name, at), schemaOf(json, `${at}.${shorten(name)}`, depth)]),
  );
}

function typesOf(value: Value, at: string): ReadonlySet<string> {
  const types = (typeof value === 'string' ? [value] : listOf(value, at)).map((item) => textOf(item, at));
  for (const type of types)
    if (!TYPES.has(type)) throw new Misschema(`${at} should be one of ${[...TYPES].join(', ')}`);
  return new Set(types);
}

function optionsOf(value: Value, at: string): ReadonlySet<Scalar> {
  const options = listOf(value, at);
  if (options.length > MAX_ENUM_OPTIONS)
    throw new Misschema(`${at} should hold at most ${MAX_ENUM_OPTIONS} options`);
  return new Set(options.map((option) => scalarOf(option, at)));
}

function scalarOf(value: Value, at: string): Scalar {
  if (value === null || typeof value !== 'object') return value;
  throw new Misschema(`${at} should hold text, numbers, true, false or null`);
}

function numberOf(value: Value, at: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new Misschema(`${at} should be a number`);
}

function countOf(value: Value, at: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new Misschema(`${at} should be a whole number of at least 0`);
}

function flagOf(value: Value, at: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new Misschema(`${at} should be true or false`);
}

function textOf(value: Value, at: string): string {
  if (typeof value === 'string') return value;
  throw new Misschema(`${at} should be text`);
}

function namesOf(value: Value, at: string): readonly string[] {
  return [...new Set(listOf(value, at).map((item) => nameOf(textOf(item, at), at)))];
}

function nameOf(name: string, at: string): string {
  if (!FORBIDDEN_NAMES.has(name)) return name;
  throw new Misschema(`${at} names ${name}, which nothing may be called`);
}

function listOf(value: Value, at: string): readonly Value[] {
  if (isList(value)) return value;
  throw new Misschema(`${at} should be an array`);
}

function membersOf(value: Value, at: string): [string, Value][] {
  if (typeof value === 'object' && value !== null && !isList(value)) return Object.entries(value);
  throw new Misschema(`${at} should be an object`);
}

function shorten(name: string): string {
  return name.length <= 40 ? name : `${name.slice(0, 39)}…`;
}
