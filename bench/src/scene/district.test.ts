import { canonicalJson, encodeObjectEvent, parseUserId, reduceAll } from '@weft/core';
import { describe, expect, test } from 'vitest';
import { district } from './district.ts';

const user = parseUserId('@ada:example.org');

describe('district', () => {
  test('is the same for the same seed, and another for another', () => {
    const first = district({ seed: '1', count: 100, user });
    expect(district({ seed: '1', count: 100, user })).toEqual(first);
    expect([...district({ seed: '2', count: 100, user }).objects.keys()]).not.toEqual([
      ...first.objects.keys(),
    ]);
  });

  test.each([1, 7, 1000])('has exactly %i objects', (count) => {
    expect(district({ seed: '1', count, user }).objects.size).toBe(count);
  });

  test('makes events of a plausible size', () => {
    const patch = district({ seed: '1', count: 1000, user });
    let bytes = 0;
    for (const { registers } of patch.objects.values()) {
      bytes += canonicalJson(encodeObjectEvent({ registers, actors: patch.actors })).length;
    }
    expect(bytes / patch.objects.size).toBeGreaterThan(250);
    expect(bytes / patch.objects.size).toBeLessThan(700);
  });

  test('is one tree in which everything fits its schema and is visible', () => {
    const patch = district({ seed: '1', count: 500, user });
    const registers = new Map([...patch.objects].map(([id, object]) => [id, object.registers]));
    const { objects, problems } = reduceAll(registers);
    expect(problems).toEqual([]);
    expect(objects.size).toBe(500);
  });
});
