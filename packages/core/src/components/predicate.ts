import type { EditorKind } from './property.ts';

/** The part of JSON Schema that the built-in components use; anything else fails when the module is loaded. */
export interface PropertySchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly items?: PropertySchema | readonly PropertySchema[];
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, PropertySchema>>;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly title?: string;
  readonly description?: string;
  readonly unit?: string;
  readonly step?: number;
  readonly editor?: EditorKind;
  readonly readOnly?: boolean;
}

/** Says of a value whether it fits. */
export type Predicate = (value: unknown) => boolean;

/**
 * A schema as nested closures: a world's registers are all checked when it is opened, and typebox's general
 * interpreter takes 20 times as long, while its compiler needs `eval`, which pages may forbid.
 */
export function predicateOf(schema: PropertySchema): Predicate {
  if (schema.enum !== undefined) return enumPredicate(schema.enum);
  switch (schema.type) {
    case 'string':
      return textPredicate(schema);
    case 'number':
      return numberPredicate(schema);
    case 'integer': {
      const inRange = numberPredicate(schema);
      return (value) => Number.isInteger(value) && inRange(value);
    }
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'array':
      return arrayPredicate(schema);
    case 'object':
      return objectPredicate(schema);
    case undefined:
      return () => true;
    default:
      throw new TypeError(`No predicate for schemas of type ${schema.type}`);
  }
}

/** What a schema accepts, in words that finish "expected ...". */
export function wordsOf(schema: PropertySchema): string {
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`;
  if (schema.type === 'string') return textWords(schema);
  if (schema.type === 'number' || schema.type === 'integer') return numberWords(schema);
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type === 'object') return `an object with ${Object.keys(schema.properties ?? {}).join(', ')}`;
  if (schema.type !== 'array') return 'any value';
  const { items } = schema;
  if (isTuple(items)) {
    const [first] = items;
    return `an array of ${items.length} items, each ${first === undefined ? 'any value' : wordsOf(first)}`;
  }
  const most = schema.maxItems === undefined ? '' : ` of at most ${schema.maxItems} items`;
  return `an array${most}, each ${items === undefined ? 'any value' : wordsOf(items)}`;
}

function enumPredicate(options: readonly unknown[]): Predicate {
  const allowed = new Set(options);
  return (value) => allowed.has(value);
}

function textPredicate({
  minLength = 0,
  maxLength = Number.POSITIVE_INFINITY,
  pattern,
}: PropertySchema): Predicate {
  const shape = pattern === undefined ? null : new RegExp(pattern, 'u');
  return (value) => {
    if (typeof value !== 'string' || value.length < minLength) return false;
    // JSON Schema counts code points, of which there are at most as many as units.
    if (value.length > maxLength && (value.length > 2 * maxLength || [...value].length > maxLength))
      return false;
    return shape === null || shape.test(value);
  };
}

function numberPredicate({
  minimum = Number.NEGATIVE_INFINITY,
  maximum = Number.POSITIVE_INFINITY,
}: PropertySchema): Predicate {
  return (value) =>
    typeof value === 'number' && Number.isFinite(value) && value >= minimum && value <= maximum;
}

function arrayPredicate({ items, maxItems = Number.POSITIVE_INFINITY }: PropertySchema): Predicate {
  if (isTuple(items)) {
    const parts = items.map(predicateOf);
    return (value) =>
      Array.isArray(value) && value.length === parts.length && parts.every((part, at) => part(value[at]));
  }
  const each = items === undefined ? () => true : predicateOf(items);
  return (value) => Array.isArray(value) && value.length <= maxItems && value.every((item) => each(item));
}

function objectPredicate({ properties = {}, required = [] }: PropertySchema): Predicate {
  const known = Object.entries(properties).map(([name, schema]) => [name, predicateOf(schema)] as const);
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const members = new Map<string, unknown>(Object.entries(value));
    if (!required.every((name) => members.has(name))) return false;
    return known.every(([name, fits]) => !members.has(name) || fits(members.get(name)));
  };
}

function isTuple(items: PropertySchema['items']): items is readonly PropertySchema[] {
  return Array.isArray(items);
}

function textWords({ maxLength, pattern }: PropertySchema): string {
  if (pattern !== undefined) return `text that matches ${pattern}`;
  return maxLength === undefined ? 'text' : `text of at most ${maxLength} characters`;
}

function numberWords({ type, minimum, maximum }: PropertySchema): string {
  const kind = type === 'integer' ? 'a whole number' : 'a number';
  if (minimum !== undefined && maximum !== undefined) return `${kind} from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `${kind} of at least ${minimum}`;
  return maximum === undefined ? kind : `${kind} of at most ${maximum}`;
}
