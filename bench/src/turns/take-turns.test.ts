import { describe, expect, test } from 'vitest';
import { takeTurns } from './take-turns.ts';

const contestants = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];

function contest(measure: (name: string, repetition: number) => Promise<string>, signal?: AbortSignal) {
  return takeTurns(
    { signal: signal ?? new AbortController().signal, progress: () => undefined },
    { contestants, repetitions: 3, label: '', show: String, measure: ({ name }, at) => measure(name, at) },
  );
}

describe('turns', () => {
  test('are taken in reversed order every second time', async () => {
    const order: string[] = [];
    const { reports } = await contest(async (name, at) => {
      order.push(name);
      return `${name}${at}`;
    });
    expect(order.join('')).toBe('abccbaabc');
    expect([...reports]).toEqual([
      ['a', ['a0', 'a1', 'a2']],
      ['b', ['b0', 'b1', 'b2']],
      ['c', ['c0', 'c1', 'c2']],
    ]);
  });

  test('end with what was measured in full where somebody stops them', async () => {
    const stop = new AbortController();
    const { reports } = await contest(async (name, at) => {
      if (at === 1 && name === 'b') {
        stop.abort();
        throw new Error('the process was ended');
      }
      return name;
    }, stop.signal);
    expect([...reports]).toEqual([
      ['a', ['a']],
      ['b', ['b']],
      ['c', ['c', 'c']],
    ]);
  });

  test('fail where one fails by itself', async () => {
    await expect(contest(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });
});
