import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { degreesOf, quatOf, sameTurn } from './euler.ts';
import { wordsOf } from './list-field.tsx';
import { clamp, numberText, parseNumberText, stepBy } from './number-text.ts';
import { readOnlyText } from './read-only-value.tsx';

describe('numbers as text', () => {
  it('have no trailing zeros, no exponent and no minus zero', () => {
    expect([0, -0, 1.5, -2.25, 1e-7, 1e6, 1 / 3].map(numberText)).toEqual([
      '0',
      '0',
      '1.5',
      '-2.25',
      '0',
      '1000000',
      '0.3333',
    ]);
  });

  it('are read as people type them', () => {
    expect(['1', ' -2.5 ', '1,5', '.5', '1e3', '+4'].map(parseNumberText)).toEqual([
      1, -2.5, 1.5, 0.5, 1000, 4,
    ]);
    expect(['', 'abc', '1.2.3', '0x10', '1e999', 'NaN', 'Infinity', '--1'].map(parseNumberText)).toEqual(
      Array(8).fill(null),
    );
  });

  it('survive being shown and read', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), (tenths) => {
        expect(parseNumberText(numberText(tenths / 10))).toBe(tenths / 10);
      }),
    );
  });

  it('step without the noise of binary fractions, within their bounds', () => {
    const free = { min: null, max: null };
    expect(stepBy(0.1, 2, 0.1, free)).toBe(0.3);
    expect(stepBy(0.9, 5, 0.1, { min: 0, max: 1 })).toBe(1);
    expect(clamp(-3, { min: 0, max: null })).toBe(0);
  });
});

describe('turns as degrees', () => {
  it('come back as the same turn', () => {
    const angle = fc.integer({ min: -720, max: 720 });
    fc.assert(
      fc.property(angle, angle, angle, (x, y, z) => {
        const quat = quatOf([x, y, z]);
        expect(sameTurn(quatOf(degreesOf(quat)), quat)).toBe(true);
      }),
    );
  });

  it('know that q and -q are one turn, and that others are not', () => {
    expect(sameTurn([0, 0.6, 0, 0.8], [0, -0.6, 0, -0.8])).toBe(true);
    expect(sameTurn([0, 0, 0, 1], quatOf([0, 1, 0]))).toBe(false);
  });
});

describe('other values as text', () => {
  it('are words without blanks and repeats', () => {
    expect(wordsOf(' oak, , table,oak ')).toEqual(['oak', 'table']);
    expect(wordsOf('')).toEqual([]);
  });

  it('are what a person wants to know of them', () => {
    expect(readOnlyText({ unit: 'B', property: 'bytes' }, 999)).toBe('999 B');
    expect(readOnlyText({ unit: 'B', property: 'bytes' }, 13_912)).toBe('13.9 kB');
    expect(readOnlyText({ unit: null, property: 'bounds' }, { min: [-1, 0, -1], max: [1, 2.5, 1] })).toBe(
      '2 × 2.5 × 2 m',
    );
    expect(readOnlyText({ unit: null, property: 'sha256' }, 'abc')).toBe('abc');
  });
});
