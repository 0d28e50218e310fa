import { compareUtf8 } from '../value/utf8.ts';
import { isList, type Value } from '../value/value.ts';
import type { CustomSchema } from './custom-schema.ts';
import { anyWords, noOther, schemaWords } from './custom-words.ts';

/**
 * Steps that all schema rules together may take on one object, and as many all declared components together. What finds
 * too few left does not fit.
 */
export const MAX_OBJECT_SCHEMA_STEPS = 10_000;
/** Steps of a property that is absent though it has to be: each is listed, which costs more than a look. */
export const ABSENT_PROPERTY_STEPS = 100;

/** Where a value does not fit its schema. */
export interface Misfit {
  /** Within the value: `.legs[2]`; empty for the value itself. */
  readonly at: string;
  /** What would have been accepted, as the end of "expected ...". */
  readonly expected: string;
}

type Members = { readonly [name: string]: Value };

/** Why a schema does not take a value, before anybody asks for words: most failures are those of alternatives. */
type Failure = 'steps' | 'itself' | 'length' | 'absent' | 'other' | 'alternatives';

const OUT_OF_STEPS = `a value that is checked within the ${MAX_OBJECT_SCHEMA_STEPS} steps that one object has`;

const WORDS: Readonly<Record<Failure, (schema: CustomSchema) => string>> = {
  steps: () => OUT_OF_STEPS,
  itself: schemaWords,
  length: ({ prefixItems }) => `an array of at most ${prefixItems.length} items`,
  absent: () => 'a value',
  other: ({ properties }) => noOther(properties.keys()),
  alternatives: ({ anyOf }) => anyWords(anyOf ?? []),
};

/**
 * Judges values of one object by strangers' schemas, one after the other, in the order of `protocol-spec/rules.md` and out
 * of one pool of steps, so that every implementation runs out at the same place. What costs time costs steps; what does
 * not, like the order of names and the length of a text, is worked out once for the object.
 */
export class SchemaCheck {
  #left = MAX_OBJECT_SCHEMA_STEPS;
  #isSpent = false;
  #failure: Failure = 'itself';
  #failed: CustomSchema | null = null;
  /** Where it failed, from the inside. */
  readonly #way: (string | number)[] = [];
  #components: Map<string, ReadonlyMap<string, Value>> | null = null;
  #names: Map<Members, readonly string[]> | null = null;
  #lengths: Map<string, number> | null = null;

  /** Whether a check found too few steps left in the pool: those after it will, too. */
  get isSpent(): boolean {
    return this.#isSpent;
  }

  /** Whether a value fits: `null` if so, else the first place where it does not. */
  misfitOf(schema: CustomSchema, value: Value): Misfit | null {
    if (this.#fits(schema, value)) return null;
    const way = this.#way.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`));
    return { at: way.reverse().join(''), expected: WORDS[this.#failure](this.#failed ?? schema) };
  }

  /** That a property is not there, which takes steps, too: a misfit in any case. */
  absence(): Misfit {
    return { at: '', expected: this.#pay(ABSENT_PROPERTY_STEPS) ? 'a value' : OUT_OF_STEPS };
  }

  /** The properties of one component, read once for all schemas that judge them. */
  written(component: string, read: () => ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
    this.#components ??= new Map();
    return remembered(this.#components, component, read);
  }

  #fits(schema: CustomSchema, value: Value): boolean {
    if (!this.#pay(1)) return this.#fail(schema, 'steps');
    if (!this.#fitsItself(schema, value)) return this.#fail(schema, 'itself');
    if (typeof value === 'object' && value !== null) {
      const fits = isList(value) ? this.#itemsFit(schema, value) : this.#membersFit(schema, value);
      if (!fits) return false;
    }
    return schema.anyOf === null || this.#fitsAny(schema, schema.anyOf, value);
  }

  #pay(steps: number): boolean {
    if (this.#left < steps) this.#isSpent = true;
    if (this.#isSpent) this.#left = 0;
    else this.#left -= steps;
    return !this.#isSpent;
  }

  #fail(schema: CustomSchema, failure: Failure): false {
    this.#failed = schema;
    this.#failure = this.#isSpent ? 'steps' : failure;
    this.#way.length = 0;
    return false;
  }

  /** All that does not look inside. */
  #fitsItself(schema: CustomSchema, value: Value): boolean {
    if (schema.types !== null && !hasType(schema.types, value)) return false;
    if (schema.options !== null && !(isScalar(value) && schema.options.has(value))) return false;
    if (schema.constant !== null && schema.constant.value !== value) return false;
    if (typeof value === 'number') return fitsNumber(schema, value);
    if (typeof value === 'string') return this.#fitsText(schema, value);
    return !Array.isArray(value) || isWithin(value.length, schema.minItems, schema.maxItems);
  }

  #fitsText({ minLength, maxLength }: CustomSchema, text: string): boolean {
    if (minLength === null && maxLength === null) return true;
    // JSON Schema counts code points, of which there are at most as many as units, and at least half.
    if (maxLength !== null && text.length > 2 * maxLength) return false;
    if (isWithin(text.length, minLength === null ? null : 2 * minLength, maxLength)) return true;
    this.#lengths ??= new Map();
    return isWithin(
      remembered(this.#lengths, text, () => codePoints(text)),
      minLength,
      maxLength,
    );
  }

  #itemsFit(schema: CustomSchema, items: readonly Value[]): boolean {
    const { prefixItems, items: rest, additionalItems } = schema;
    if (!additionalItems && items.length > prefixItems.length) return this.#fail(schema, 'length');
    for (const [index, item] of items.entries()) {
      const each = prefixItems[index] ?? rest;
      if (each === null) return true;
      if (!this.#fits(each, item)) return this.#isBelow(index);
    }
    return true;
  }

  #membersFit(schema: CustomSchema, record: Members): boolean {
    const { properties, required, additionalProperties: additional } = schema;
    const names = additional === true ? [] : this.#namesOf(record);
    if (!this.#pay(required.length + properties.size + names.length)) return this.#fail(schema, 'steps');
    for (const name of required)
      if (!Object.hasOwn(record, name)) return this.#fail(schema, 'absent') || this.#isBelow(name);
    for (const [name, each] of properties) {
      const member = Object.hasOwn(record, name) ? record[name] : undefined;
      if (member !== undefined && !this.#fits(each, member)) return this.#isBelow(name);
    }
    for (const name of names) {
      const member = record[name];
      if (additional === true || properties.has(name) || member === undefined) continue;
      if (additional === false) return this.#fail(schema, 'other') || this.#isBelow(name);
      if (!this.#fits(additional, member)) return this.#isBelow(name);
    }
    return true;
  }

  #namesOf(record: Members): readonly string[] {
    this.#names ??= new Map();
    return remembered(this.#names, record, () => Object.keys(record).sort(compareUtf8));
  }

  #fitsAny(schema: CustomSchema, alternatives: readonly CustomSchema[], value: Value): boolean {
    for (const alternative of alternatives) if (this.#fits(alternative, value)) return true;
    return this.#fail(schema, 'alternatives');
  }

  /** Notes on the way out where inside it failed. */
  #isBelow(step: string | number): false {
    this.#way.push(step);
    return false;
  }
}

/** What one value does not fit, with a pool of its own. */
export function misfitOf(schema: CustomSchema, value: Value): Misfit | null {
  return new SchemaCheck().misfitOf(schema, value);
}

function remembered<Key, Known>(known: Map<Key, Known>, key: Key, work: () => Known): Known {
  const held = known.get(key);
  if (held !== undefined) return held;
  const made = work();
  known.set(key, made);
  return made;
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

function codePoints(text: string): number {
  let length = 0;
  for (const _point of text) length += 1;
  return length;
}

function isWithin(value: number, least: number | null, most: number | null): boolean {
  return (least === null || value >= least) && (most === null || value <= most);
}
