import { describe, expect, test } from 'vitest';
import { ACTOR_IDS, BASE_TIME } from '../../test/arbitraries.ts';
import { newest } from '../register/register.ts';
import { parseTime, type Stamp } from '../stamp/stamp.ts';
import { ListedValues, SharedValues, VectorValues } from './read-values.ts';

const [actor] = ACTOR_IDS;
if (actor === undefined) throw new TypeError('no actor');
const stamp: Stamp = { time: BASE_TIME, actor };
const later: Stamp = { time: parseTime(BASE_TIME + 1), actor };

describe('the values of a column', () => {
  test('an array of numbers is made when it is asked for, frozen, and once', () => {
    const values = new VectorValues([Float64Array.of(1, 4), Float64Array.of(2, 5), Float64Array.of(3, 6)]);
    const register = values.register(1, stamp);
    expect(register?.value).toEqual([4, 5, 6]);
    expect(Object.isFrozen(register?.value)).toBe(true);
    expect(register?.value).toBe(register?.value);
    expect(register?.stamp).toBe(stamp);
  });

  test('one number that is none spoils its own array and no other', () => {
    const values = new VectorValues([Float64Array.of(1, Number.NaN, 3), Float64Array.of(1, 2, 3)]);
    expect([0, 1, 2].map((at) => values.register(at, stamp)?.value)).toEqual([[1, 1], undefined, [3, 3]]);
  });

  test('the same value with the same stamp is one register; with another stamp it is not', () => {
    const values = new SharedValues(new ListedValues(['chair', 'lamp']), Float64Array.of(0, 1, 0, 0));
    const [first, other, same, newer] = [stamp, stamp, stamp, later].map((each, at) =>
      values.register(at, each),
    );
    expect(same).toBe(first);
    expect(other?.value).toBe('lamp');
    if (first === undefined || newer === undefined) throw new TypeError('no register');
    expect(newest(first, newer)).toBe(newer);
  });

  test('what is malformed stays out, shared or not', () => {
    const listed = new ListedValues(['chair', undefined]);
    expect(listed.register(1, stamp)).toBeUndefined();
    expect(new SharedValues(listed, Float64Array.of(1, 1)).register(1, stamp)).toBeUndefined();
  });
});
