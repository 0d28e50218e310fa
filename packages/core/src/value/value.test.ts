import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { text, value } from '../../test/arbitraries.ts';
import { WeftError } from '../errors.ts';
import { canonicalJson, compareValues } from './canonical.ts';
import { isValue, normaliseValue, readValue } from './normalise.ts';
import { compareUtf8, utf8Length } from './utf8.ts';
import { MAX_VALUE_BYTES, MAX_VALUE_DEPTH } from './value.ts';

const bytes = (of: string) => new TextEncoder().encode(of);
const codeOf = (input: unknown): string => {
  try {
    normaliseValue(input, 'test');
    return 'accepted';
  } catch (error) {
    return error instanceof WeftError ? error.code : String(error);
  }
};
const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

describe('order of texts', () => {
  test('[V3] compareUtf8 is the order of UTF-8 bytes', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareUtf8(a, b))).toBe(Math.sign(Buffer.compare(bytes(a), bytes(b))));
      }),
    );
  });

  test('[V3] characters above the basic plane sort after the rest of it', () => {
    expect(compareUtf8('\uffff', '\u{10000}')).toBeLessThan(0);
    expect(compareUtf8('\ud7ff', '\ue000')).toBeLessThan(0);
    expect(compareUtf8('a', 'aa')).toBeLessThan(0);
  });

  test('utf8Length counts what an encoder writes', () => {
    fc.assert(fc.property(text, (a) => utf8Length(a) === bytes(a).length));
  });
});

describe('canonical form', () => {
  test('[V2] does not depend on the order of keys and parses back', () => {
    expect(canonicalJson({ b: 1, a: [true, { '\u{10000}': 1, '\uffff': 2 }] })).toBe(
      '{"a":[true,{"\uffff":2,"\u{10000}":1}],"b":1}',
    );
    fc.assert(
      fc.property(value, (v) => {
        expect(normaliseValue(JSON.parse(canonicalJson(v)), 't')).toEqual(v);
      }),
    );
  });

  test('[V3] compareValues is a total order in which only equal values are equal', () => {
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        expect(Math.sign(compareValues(a, b)) + Math.sign(compareValues(b, a))).toBe(0);
        expect(compareValues(a, b) === 0).toBe(canonicalJson(a) === canonicalJson(b));
        if (compareValues(a, b) <= 0 && compareValues(b, c) <= 0)
          expect(compareValues(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('normaliseValue', () => {
  test('[V1] is the identity on values, and idempotent', () => {
    fc.assert(
      fc.property(value, (v) => {
        expect(normaliseValue(v, 't')).toEqual(v);
        expect(readValue(normaliseValue(v, 't'))).toEqual(v);
      }),
    );
  });

  test('[V1] freezes to the bottom, copies, and leaves no prototype', () => {
    const input = { list: [{ deep: 1 }] };
    const result = normaliseValue(input, 't');
    input.list[0] = { deep: 2 };
    expect(result).toEqual({ list: [{ deep: 1 }] });
    const seen: unknown[] = [];
    JSON.stringify(result, (_, member: unknown) => {
      if (typeof member === 'object') seen.push(member);
      return member;
    });
    expect(seen).toHaveLength(3);
    for (const member of seen) {
      expect(Object.isFrozen(member)).toBe(true);
      expect(Object.getPrototypeOf(member)).toBe(Array.isArray(member) ? Array.prototype : null);
    }
  });

  test('[V1] reads -0 as 0', () => {
    expect(Object.is(normaliseValue(-0, 't'), 0)).toBe(true);
    expect(normaliseValue([-0], 't')).toEqual([0]);
  });

  test.each([
    ['undefined', undefined],
    ['undefined within', { a: [undefined] }],
    ['a hole', new Array<unknown>(1)],
    ['NaN', Number.NaN],
    ['infinity', [Number.POSITIVE_INFINITY]],
    ['a bigint', 1n],
    ['a function', () => 1],
    ['NUL', 'a\0b'],
    ['a lone surrogate', '\ud800'],
    ['a lone surrogate as a name', { '\udfff': 1 }],
    ['NUL as a name', { '\0': 1 }],
    ['__proto__', JSON.parse('{"__proto__":1}')],
    ['constructor', { constructor: 1 }],
    ['prototype', [{ prototype: 1 }]],
    ['a date', new Date(0)],
    ['a typed array', new Float32Array(3)],
    ['a map', new Map()],
  ])('[V1] refuses %s', (_, input) => {
    expect(codeOf(input)).toBe('invalid-value');
    expect(isValue(input)).toBe(false);
    expect(readValue(input)).toBeUndefined();
  });

  test('[V1] holds 32 levels and refuses 33', () => {
    expect(codeOf(nested(MAX_VALUE_DEPTH))).toBe('accepted');
    expect(codeOf(nested(MAX_VALUE_DEPTH + 1))).toBe('limit');
    const endless: unknown[] = [];
    endless.push(endless);
    expect(codeOf(endless)).toBe('invalid-value');
  });

  test('[V1] says where in the value it is wrong, and goes on from the path it was given', () => {
    const endless: Record<string, unknown> = {};
    endless.again = [endless];
    for (const [input, path, words] of [
      [Number.NaN, 'acme:a.b', 'got NaN.'],
      [{ a: [1, Number.NaN] }, 'acme:a.b.a.1', 'got NaN at a.1.'],
      [[{ x: new Map() }], 'acme:a.b.0.x', 'got [object Map] at 0.x.'],
      [{ deep: [endless] }, 'acme:a.b.deep.0', 'expected a value that does not hold itself'],
      [nested(MAX_VALUE_DEPTH + 1), 'acme:a.b', 'at most 32 levels'],
      [{ a: ['x'.repeat(5000)] }, 'acme:a.b', 'at most 4096 bytes'],
    ] as const) {
      const refusal = expect.objectContaining({ path, message: expect.stringContaining(words) });
      expect(() => normaliseValue(input, 'set it', 'acme:a.b')).toThrow(refusal);
    }
    expect(() => normaliseValue(Number.NaN, 'set it')).toThrow(expect.objectContaining({ path: null }));
  });

  test('[V1] a value that shares its parts is none that holds itself, and costs no more than it is large', () => {
    let shared: unknown = 1;
    for (let level = 0; level < MAX_VALUE_DEPTH; level += 1) shared = [shared, shared];
    expect(codeOf(shared)).toBe('limit');
    expect(codeOf([[1], [1]])).toBe('accepted');
    expect(codeOf(Object.fromEntries(Array.from({ length: 200_000 }, (_, at) => [at, at])))).toBe('limit');
  });

  test.each([
    ['plain', 'a', 2],
    ['two-byte', 'é', 2],
    ['escaped', '"', 2],
  ])('[V1] holds 4096 bytes of %s text and refuses one more', (_, character, quotes) => {
    const width = utf8Length(JSON.stringify(character)) - quotes;
    const room = MAX_VALUE_BYTES - quotes;
    const fits = character
      .repeat(Math.floor(room / width))
      .padEnd(Math.floor(room / width) + (room % width), 'x');
    expect(utf8Length(JSON.stringify(fits))).toBe(MAX_VALUE_BYTES);
    expect(codeOf(fits)).toBe('accepted');
    expect(codeOf(`${fits}x`)).toBe('limit');
  });

  test('[V1] counts the whole value, not its parts', () => {
    const list = new Array<number>(2047).fill(1);
    expect(utf8Length(canonicalJson(normaliseValue(list, 't')))).toBe(MAX_VALUE_BYTES - 1);
    expect(codeOf([...list, 10])).toBe('limit');
    expect(codeOf({ a: 'x'.repeat(MAX_VALUE_BYTES - 8) })).toBe('accepted');
    expect(codeOf({ a: 'x'.repeat(MAX_VALUE_BYTES - 7) })).toBe('limit');
  });

  test('says what, what was expected and what was found', () => {
    expect(() => normaliseValue(Number.NaN, 'set light.intensity')).toThrow(
      /Cannot set light.intensity: expected a finite number, got NaN/,
    );
  });

  test('never throws from readValue, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true, withDate: true, withMap: true, withSet: true }),
        (v) => {
          const read = readValue(v);
          expect(isValue(v)).toBe(read !== undefined);
        },
      ),
    );
  });
});
