import { cpuMs, propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { Check } from 'typebox/schema';
import { describe, expect, it } from 'vitest';
import type { Value } from '../value/value.ts';
import { MAX_OBJECT_SCHEMA_STEPS, misfitOf } from './custom-check.ts';
import {
  type CustomSchema,
  MAX_ALTERNATIVE_SCHEMAS,
  MAX_ENUM_OPTIONS,
  MAX_SCHEMA_BYTES,
  MAX_SCHEMA_DEPTH,
  parseSchema,
  SCHEMA_KEYWORDS,
} from './custom-schema.ts';

/** No schema may take longer, however it is made; a hundred times what one takes on an idle machine. */
const MAX_MS = 500;

function schemaOf(json: Value): CustomSchema {
  const reading = parseSchema(json);
  if ('problem' in reading) throw new Error(reading.problem);
  return reading.schema;
}

function problemOf(json: Value): string {
  const reading = parseSchema(json);
  return 'problem' in reading ? reading.problem : 'none';
}

const nested = (depth: number): Value => (depth === 1 ? {} : { items: nested(depth - 1) });

describe('a schema of a stranger', () => {
  const text = fc.constantFrom('', 'a', 'ab', 'é😀', 'abcd');
  const number = fc.constantFrom(-1, 0, 0.5, 1, 2, 3);
  const leaf: fc.Arbitrary<Value> = fc.oneof(text, number, fc.boolean(), fc.constant(null));
  const { json, value } = fc.letrec<{ json: Value; value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { noNullPrototype: true }),
    ),
    json: fc.oneof({ maxDepth: 2 }, leafSchema(), branchSchema(tie)),
  }));
  const near: fc.Arbitrary<Value> = fc.oneof(
    leaf,
    fc.array(leaf, { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof(leaf, fc.array(leaf, { maxLength: 3 })), {
      noNullPrototype: true,
    }),
    value,
  );

  /** A schema of at most two of these keywords: more would fit nothing. */
  function few(keywords: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Value> {
    const each = Object.entries(keywords).map(([name, of]) => of.map((inner) => ({ [name]: inner })));
    const drawn = fc.array(fc.oneof(...each), { minLength: 1, maxLength: 2 });
    return drawn.map((some) => Object.assign({}, ...some));
  }

  function leafSchema(): fc.Arbitrary<Value> {
    const types = fc.constantFrom('null', 'boolean', 'integer', 'number', 'string', 'array', 'object');
    return few({
      type: fc.oneof(types, fc.constant(['string', 'number'])),
      enum: fc.uniqueArray(leaf, { minLength: 1, maxLength: 4 }),
      const: leaf,
      minimum: number,
      maximum: number,
      exclusiveMinimum: number,
      exclusiveMaximum: number,
      minLength: fc.nat({ max: 2 }),
      maxLength: fc.nat({ max: 3 }),
      minItems: fc.nat({ max: 2 }),
      maxItems: fc.nat({ max: 3 }),
      required: fc.uniqueArray(fc.constantFrom('a', 'b'), { maxLength: 2 }),
    });
  }

  function branchSchema(tie: (key: 'json') => fc.Arbitrary<unknown>): fc.Arbitrary<Value> {
    const schema = tie('json');
    return few({
      items: schema,
      properties: fc.dictionary(fc.constantFrom('a', 'b'), schema, { noNullPrototype: true }),
      additionalProperties: fc.oneof(fc.boolean(), schema),
      anyOf: fc.array(schema, { minLength: 1, maxLength: 3 }),
      prefixItems: fc.array(schema, { minLength: 1, maxLength: 2 }),
    });
  }

  it('[C5] judges as JSON Schema has it (beside typebox), whatever keywords meet', () => {
    let fits = 0;
    let misfits = 0;
    fc.assert(
      fc.property(json, fc.array(near, { minLength: 1, maxLength: 6 }), (schema, values) => {
        const own = schemaOf(schema);
        for (const each of values) {
          const misfit = misfitOf(own, each);
          expect(misfit === null, JSON.stringify([schema, each, misfit])).toBe(Check(schema as object, each));
          if (misfit === null) fits += 1;
          else misfits += 1;
        }
      }),
      propertySettings(400),
    );
    expect(Math.min(fits, misfits)).toBeGreaterThan(200);
  });

  it('[C5] says where a value does not fit, and what would', () => {
    const legs = schemaOf({
      type: 'object',
      required: ['legs'],
      properties: { legs: { type: 'array', items: { type: 'number', minimum: 0, maximum: 2 } } },
      additionalProperties: false,
    });
    expect(misfitOf(legs, { legs: [1, 3] })).toEqual({ at: '.legs[1]', expected: 'a number from 0 to 2' });
    expect(misfitOf(legs, {})).toEqual({ at: '.legs', expected: 'a value' });
    expect(misfitOf(legs, { legs: [], arms: 2 })).toEqual({ at: '.arms', expected: 'only legs' });
    expect(misfitOf(legs, 'x')).toEqual({ at: '', expected: 'an object' });
    expect(misfitOf(schemaOf({ enum: ['a', 'b'] }), 'c')).toEqual({ at: '', expected: 'one of a, b' });
  });

  it('[C6] holds only keywords of the table: nothing that runs strings, and no graphs', () => {
    const refused: [Value, string][] = [
      [{ pattern: '^(a+)+$' }, 'schema uses pattern'],
      [{ format: 'regex' }, 'schema uses format'],
      [{ $ref: '#' }, 'schema uses $ref'],
      [{ $defs: {} }, 'schema uses $defs'],
      [{ $dynamicRef: '#a' }, 'schema uses $dynamicRef'],
      [{ properties: { a: { patternProperties: {} } } }, 'schema.properties.a uses patternProperties'],
      [{ items: [{ not: {} }] }, 'schema.items[0] uses not'],
      [JSON.parse('{"__proto__":{}}'), 'schema uses __proto__'],
      [JSON.parse('{"properties":{"__proto__":{}}}'), 'schema.properties names __proto__'],
      [{ required: ['constructor'] }, 'schema.required names constructor'],
      [{ constructor: {} }, 'schema uses constructor'],
      [{ toString: {} }, 'schema uses toString'],
      [{ type: 'function' }, 'schema.type should be one of'],
      [{ type: {} }, 'schema.type should be an array'],
      [{ minimum: 'x' }, 'schema.minimum should be a number'],
      [{ maxLength: -1 }, 'schema.maxLength should be a whole number'],
      [{ enum: [{}] }, 'schema.enum should hold text'],
      [{ properties: [] }, 'schema.properties should be an object'],
      [{ anyOf: [] }, 'schema.anyOf should hold 1 to'],
      [true, 'schema should be an object'],
      [null, 'schema should be an object'],
    ];
    for (const [json, words] of refused) expect(problemOf(json)).toContain(words);
    expect(SCHEMA_KEYWORDS).not.toContain('pattern');
  });

  it('[C6] is refused one past each bound', () => {
    expect(problemOf(nested(MAX_SCHEMA_DEPTH))).toBe('none');
    expect(problemOf(nested(MAX_SCHEMA_DEPTH + 1))).toContain(`deeper than ${MAX_SCHEMA_DEPTH} schemas`);
    const options = Array.from({ length: MAX_ENUM_OPTIONS + 1 }, (_, at) => at);
    expect(problemOf({ enum: options.slice(1) })).toBe('none');
    expect(problemOf({ enum: options })).toContain(`at most ${MAX_ENUM_OPTIONS} options`);
    const alternatives = Array.from({ length: MAX_ALTERNATIVE_SCHEMAS + 1 }, () => ({}));
    expect(problemOf({ anyOf: alternatives.slice(1) })).toBe('none');
    expect(problemOf({ anyOf: alternatives })).toContain(`1 to ${MAX_ALTERNATIVE_SCHEMAS}`);
    const filling = MAX_SCHEMA_BYTES - '{"$comment":""}'.length;
    expect(problemOf({ $comment: 'x'.repeat(filling) })).toBe('none');
    expect(problemOf({ $comment: 'x'.repeat(filling + 1) })).toContain(
      `larger than ${MAX_SCHEMA_BYTES} bytes`,
    );
  });

  it('[C6] costs a bounded number of steps, whatever it is shown', () => {
    const wide = Array.from({ length: MAX_ALTERNATIVE_SCHEMAS }, () => ({
      anyOf: Array.from({ length: MAX_ALTERNATIVE_SCHEMAS }, () => ({ type: 'null' })),
    }));
    const schema = schemaOf({ items: { anyOf: wide } });
    const values = Array.from({ length: 1500 }, () => 7);
    const startMs = cpuMs();
    expect(misfitOf(schema, values)).not.toBeNull();
    const steps = schemaOf({ items: { anyOf: [{ anyOf: wide }, {}] } });
    expect(misfitOf(steps, values)).toEqual({
      at: expect.any(String),
      expected: `a value that is checked within the ${MAX_OBJECT_SCHEMA_STEPS} steps that one object has`,
    });
    const long = schemaOf({
      anyOf: Array.from({ length: 16 }, () => ({ minLength: 5000, maxLength: 6000 })),
    });
    expect(misfitOf(long, 'é'.repeat(2000))).not.toBeNull();
    expect(cpuMs() - startMs).toBeLessThan(MAX_MS);
  });
});
