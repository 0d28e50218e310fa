import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { value } from '../../test/arbitraries.ts';
import { MAX_VALUE_BYTES } from './value.ts';
import { decodeWireValue, encodeWireValue, hasOnlySafeIntegers } from './wire.ts';

describe('wire values', () => {
  test('[V4] decode after encode is the identity, through JSON text too', () => {
    fc.assert(
      fc.property(value, (v) => {
        const wire = encodeWireValue(v);
        expect(decodeWireValue(wire)).toEqual(v);
        expect(decodeWireValue(JSON.parse(JSON.stringify(wire)))).toEqual(v);
      }),
      { numRuns: 1000 },
    );
  });

  test('[V4] what a homeserver sees has safe integers only', () => {
    fc.assert(fc.property(value, (v) => hasOnlySafeIntegers(encodeWireValue(v))));
  });

  test.each([
    [[1.5, 0, -2.25], '~[1.5,0,-2.25]'],
    ['~x', '~~x'],
    ['~~', '~~~'],
    ['~', '~~'],
    [
      [1, 2, 3],
      [1, 2, 3],
    ],
    [2 ** 53 - 1, 2 ** 53 - 1],
    [2 ** 53, '~9007199254740992'],
    [['~inner', 0.5], '~["~inner",0.5]'],
    [
      ['~inner', 1],
      ['~inner', 1],
    ],
    ['x~', 'x~'],
    [null, null],
  ])('[V4] %j is written as %j', (v, wire) => {
    expect(encodeWireValue(v)).toEqual(wire);
    expect(decodeWireValue(wire)).toEqual(v);
  });

  test('[V4] reads any JSON after the tag', () => {
    expect(decodeWireValue('~[1.50, -0]')).toEqual([1.5, 0]);
    expect(decodeWireValue('~"text"')).toBe('text');
  });

  test.each(['~', '~[1.5', '~undefined', '~NaN', '~1e999', '~{"__proto__":1.5}', `~${'['.repeat(5000)}`])(
    '[V5] %s is malformed',
    (wire) => {
      expect(decodeWireValue(wire)).toBeUndefined();
    },
  );

  test('[V5] a text at the bound passes with its tag, one past it does not', () => {
    const longest = `~${'a'.repeat(MAX_VALUE_BYTES - 3)}`;
    expect(decodeWireValue(encodeWireValue(longest))).toBe(longest);
    expect(decodeWireValue(`~${longest}a`)).toBeUndefined();
    expect(decodeWireValue(`~1${' '.repeat(8190)}`)).toBe(1);
    expect(decodeWireValue(`~1${' '.repeat(8191)}`)).toBeUndefined();
  });

  test('[V5] no escape completes a surrogate that stands alone on the wire', () => {
    expect(decodeWireValue('~"\ud83d\\ude00"')).toBeUndefined();
    expect(decodeWireValue('~"\\ud83d\\ude00"')).toBe('😀');
  });

  test('[V5] never throws, and what it accepts is stable', () => {
    const wire = fc.oneof(
      fc.anything(),
      fc.json().map((json) => `~${json}`),
      fc.string().map((s) => `~${s}`),
    );
    fc.assert(
      fc.property(wire, (input) => {
        const decoded = decodeWireValue(input);
        if (decoded !== undefined) expect(decodeWireValue(encodeWireValue(decoded))).toEqual(decoded);
      }),
      { numRuns: 500 },
    );
  });
});
