import { describe, expect, test } from 'vitest';
import { ACTOR_IDS, BASE_TIME } from '../../test/arbitraries.ts';
import { newest } from '../register/register.ts';
import { parseTime, type Stamp } from '../stamp/stamp.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { type NumberRun, readNumbers, writeNumbers } from './number-run.ts';
import { packingOf, readPacked, writePacked } from './packed-integers.ts';
import { ListedValues, NumberValues, SharedValues, VectorValues } from './read-values.ts';

const [actor] = ACTOR_IDS;
if (actor === undefined) throw new TypeError('no actor');
const stamp: Stamp = { time: BASE_TIME, actor };
const later: Stamp = { time: parseTime(BASE_TIME + 1), actor };

function runOf(...numbers: number[]): NumberRun {
  const writer = new ByteWriter();
  writeNumbers(writer, Float64Array.from(numbers));
  return readNumbers(new ByteReader(writer.take()), numbers.length);
}

function indexesOf(...integers: number[]) {
  const writer = new ByteWriter();
  const packing = packingOf(integers);
  if (packing === undefined) throw new TypeError('they do not pack');
  writePacked(writer, integers, packing);
  return readPacked(new ByteReader(writer.take()), integers.length);
}

describe('the values of a column', () => {
  test('an array of numbers is made when it is asked for, frozen, and once', () => {
    const values = new VectorValues([runOf(1, 4), runOf(2, 5.5), runOf(3, Math.PI)]);
    const register = values.register(1, stamp);
    expect(register.value).toEqual([4, 5.5, Math.PI]);
    expect(Object.isFrozen(register.value)).toBe(true);
    expect(register.value).toBe(register.value);
    expect(register.value).toBe(values.value(1));
    expect(register.stamp).toBe(stamp);
  });

  test('one number that is none spoils its own array and no other', () => {
    const values = new VectorValues([runOf(1, Number.NaN, 3), runOf(1, 2, 3)]);
    expect(values.isWhole).toBe(false);
    expect([0, 1, 2].map((at) => values.value(at))).toEqual([[1, 1], undefined, [3, 3]]);
    expect([0, 1, 2].map((at) => values.holds(at))).toEqual([true, false, true]);
    const plain = new NumberValues(runOf(1, Number.POSITIVE_INFINITY));
    expect(plain.isWhole).toBe(false);
    expect([0, 1].map((at) => plain.value(at))).toEqual([1, undefined]);
    expect([0, 1].map((at) => plain.holds(at))).toEqual([true, false]);
  });

  test('a value of a table is one instance for all; another stamp makes another register', () => {
    const values = new SharedValues(new VectorValues([runOf(1, 2)]), indexesOf(0, 1, 0));
    expect([0, 1, 2].map((at) => values.value(at))).toEqual([[1], [2], [1]]);
    expect(values.value(2)).toBe(values.value(0));
    const [first, newer] = [values.register(0, stamp), values.register(2, later)];
    expect(newest(first, newer)).toBe(newer);
  });

  test('what is malformed is told, shared or not, and null holds nothing', () => {
    const listed = new ListedValues(['chair', undefined, null]);
    expect(listed.isWhole).toBe(false);
    expect([0, 1, 2].map((at) => listed.value(at))).toEqual(['chair', undefined, null]);
    expect([0, 1, 2].map((at) => listed.holds(at))).toEqual([true, false, false]);
    const shared = new SharedValues(listed, indexesOf(1, 2, 0));
    expect([0, 1, 2].map((at) => shared.value(at))).toEqual([undefined, null, 'chair']);
    expect([0, 1, 2].map((at) => shared.holds(at))).toEqual([false, false, true]);
  });
});

describe('packed integers', () => {
  test.each([
    [[5, 5, 5]],
    [[0, 1, 2, 3, 4, 5, 6, 7, 8]],
    [[-3, 4_000_000_000, 12, 0, 1]],
    [[-1000, -998, 24, 100]],
    [[2 ** 40, 2 ** 40 + 2 ** 31]],
  ])('%j are read one by one as they were written', (integers) => {
    const packed = indexesOf(...integers);
    expect(integers.map((_, at) => packed.at(at))).toEqual(integers);
  });

  test('a bound holds for what is there, not for what would have room', () => {
    expect(indexesOf(0, 1, 4).isBelow(5)).toBe(true);
    expect(indexesOf(0, 1, 4).isBelow(4)).toBe(false);
    expect(indexesOf(-1, 1).isBelow(4)).toBe(false);
  });
});
