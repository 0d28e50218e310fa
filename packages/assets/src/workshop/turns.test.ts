import { describe, expect, test } from 'vitest';
import { Turns } from './turns.ts';

const never = new AbortController().signal;

/** Who takes a turn, and what each was told. */
function setUp(atOnce: number) {
  const turns = new Turns(atOnce);
  const told: string[] = [];
  const come = async (name: string, signal = never) => {
    try {
      const end = await turns.take(signal, (place) => told.push(`${name} waits as ${place}`));
      told.push(`${name} begins`);
      return end;
    } catch (error) {
      told.push(`${name} gives up`);
      throw error;
    }
  };
  const drain = () => told.splice(0);
  return { come, drain };
}

describe('turns', () => {
  test('[AS96] as many begin as may at once; one more waits, and begins when one of them ends', async () => {
    const { come, drain } = setUp(2);
    const [endA] = await Promise.all([come('a'), come('b')]);
    expect(drain()).toEqual(['a begins', 'b begins']);
    const c = come('c');
    expect(drain()).toEqual(['c waits as 1']);
    endA();
    await c;
    expect(drain()).toEqual(['c begins']);
  });

  test('[AS96] who waits is told the place, and again with each step forward, and begins in the order of coming', async () => {
    const { come, drain } = setUp(1);
    const endA = await come('a');
    const [b, c, d] = [come('b'), come('c'), come('d')];
    expect(drain()).toEqual(['a begins', 'b waits as 1', 'c waits as 2', 'd waits as 3']);
    endA();
    (await b)();
    (await c)();
    (await d)();
    expect(drain()).toEqual([
      ...['c waits as 1', 'd waits as 2', 'b begins'],
      ...['d waits as 1', 'c begins', 'd begins'],
    ]);
    expect(await come('e')).toBeTypeOf('function');
  });

  test('[AS96] who gives up while waiting leaves at once; those behind move up, and nobody loses a turn', async () => {
    const { come, drain } = setUp(1);
    const endA = await come('a');
    const stop = new AbortController();
    const b = come('b', stop.signal).catch(() => null);
    const c = come('c');
    drain();
    stop.abort();
    expect(drain()).toEqual(['c waits as 1']);
    expect(await b).toBeNull();
    endA();
    await c;
    expect(drain()).toEqual(['b gives up', 'c begins']);
  });

  test('[AS96] a turn that comes in the moment of giving up goes on to the next, and one that ends twice ends once', async () => {
    const { come, drain } = setUp(1);
    const endA = await come('a');
    const stop = new AbortController();
    const b = come('b', stop.signal).catch(() => null);
    const c = come('c');
    endA();
    endA();
    stop.abort();
    expect(await b).toBeNull();
    const endC = await c;
    const d = come('d');
    expect(drain().slice(-1)).toEqual(['d waits as 1']);
    endC();
    expect(await d).toBeTypeOf('function');
    await expect(come('e', AbortSignal.abort())).rejects.toThrow();
  });
});
