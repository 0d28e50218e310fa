import { describe, expect, it } from 'vitest';
import type { Value } from '../value/value.ts';
import { ABSENT_PROPERTY_STEPS, MAX_OBJECT_SCHEMA_STEPS, misfitOf, SchemaCheck } from './custom-check.ts';
import { type CustomSchema, parseSchema } from './custom-schema.ts';

function schemaOf(json: Value): CustomSchema {
  const reading = parseSchema(json);
  if ('problem' in reading) throw new Error(reading.problem);
  return reading.schema;
}

/** Takes one step and as many as there are items. */
const EACH = schemaOf({ items: {} });
const zeros = (count: number): Value => Array.from({ length: count }, () => 0);
const OUT = `a value that is checked within the ${MAX_OBJECT_SCHEMA_STEPS} steps that one object has`;

/** A check that has so many steps left. */
function checkWith(left: number): SchemaCheck {
  const check = new SchemaCheck();
  expect(check.misfitOf(EACH, zeros(MAX_OBJECT_SCHEMA_STEPS - left - 1))).toBeNull();
  return check;
}

describe('the check of an object by schemas of strangers', () => {
  it('[C6] lets one value have 10,000 steps, and one more not', () => {
    expect(misfitOf(EACH, zeros(MAX_OBJECT_SCHEMA_STEPS - 1))).toBeNull();
    const past = { at: `[${MAX_OBJECT_SCHEMA_STEPS - 1}]`, expected: OUT };
    expect(misfitOf(EACH, zeros(MAX_OBJECT_SCHEMA_STEPS))).toEqual(past);
  });

  it('[L9] lets all values of an object have 10,000 steps together, and one more not', () => {
    const at = checkWith(6);
    expect(at.misfitOf(EACH, zeros(5))).toBeNull();
    expect(at.isSpent).toBe(false);
    const past = checkWith(6);
    expect(past.misfitOf(EACH, zeros(6))).toEqual({ at: '[5]', expected: OUT });
    expect(past.isSpent).toBe(true);
    expect(past.misfitOf(schemaOf({}), 0)).toEqual({ at: '', expected: OUT });
  });

  it('[L9] takes steps for what is absent', () => {
    const at = checkWith(ABSENT_PROPERTY_STEPS);
    expect(at.absence()).toEqual({ at: '', expected: 'a value' });
    expect(at.isSpent).toBe(false);
    const past = checkWith(ABSENT_PROPERTY_STEPS - 1);
    expect(past.absence()).toEqual({ at: '', expected: OUT });
    expect(past.isSpent).toBe(true);
  });

  it('[L9] takes a step for each name that it looks for or looks at', () => {
    const costs: [Value, Value, number][] = [
      [{}, { a: 1, b: 2 }, 1],
      [{ properties: { a: {}, z: {} } }, { a: 1, b: 2 }, 4],
      [{ required: ['a', 'b', 'a'] }, { a: 1, b: 2 }, 3],
      [{ additionalProperties: { type: 'number' } }, { a: 1, b: 2 }, 5],
      [{ properties: { a: {}, b: {} }, additionalProperties: false }, { a: 1, b: 2 }, 7],
      [{ required: ['a'], properties: { a: {} }, type: 'object' }, { a: 1 }, 4],
      [{ anyOf: [{ const: 1 }, { const: 2 }, {}, {}] }, 2, 3],
      [{ prefixItems: [{}, {}] }, [1, 2, 3], 3],
    ];
    for (const [json, value, steps] of costs) {
      expect(checkWith(steps).misfitOf(schemaOf(json), value), JSON.stringify(json)).toBeNull();
      const past = checkWith(steps - 1);
      expect(past.misfitOf(schemaOf(json), value), JSON.stringify(json)).toMatchObject({ expected: OUT });
    }
  });
});
