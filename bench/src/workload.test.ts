import { UsageError } from '@weft/testing/command';
import { describe, expect, test } from 'vitest';
import { sampled } from './record/measured.ts';
import { defineWorkload, number, numbers, repetitions } from './workload.ts';

const figure = sampled({ metric: 'dug', system: 'spade', parameters: {}, unit: 'ms', samples: [1] });

function contextOf(options: Record<string, string>, stop = new AbortController()) {
  return { root: '', seed: '1', options, signal: stop.signal, progress: () => undefined };
}

function workload(run: (read: unknown, record: () => void) => Promise<void>) {
  return defineWorkload({
    name: 'dig',
    summary: '',
    options: {
      depths: numbers('1,2', { min: 1, max: 9 }, ''),
      width: number(3, { min: 1, max: 9 }, ''),
      reps: repetitions(5),
    },
    method: [],
    seconds: () => 1,
    run: ({ record }, read) => run(read, () => record([figure])),
  });
}

describe('a workload', () => {
  test('is given its options, read, with defaults where there is none', async () => {
    const given: unknown[] = [];
    await workload(async (read) => void given.push(read)).run(contextOf({ width: '4' }));
    expect(given).toEqual([{ depths: [1, 2], width: 4, reps: 5 }]);
  });

  test.each([
    { depths: '1,10' },
    { depths: '0' },
    { depths: '' },
    { width: '1,2' },
    { width: '2.5' },
    { reps: '0' },
    { reps: '1001' },
  ])('refuses %j before it starts', async (options) => {
    const never = workload(() => Promise.reject(new Error('started')));
    await expect(never.run(contextOf(options))).rejects.toThrow(UsageError);
  });

  test('that is stopped has what was measured so far', async () => {
    const stop = new AbortController();
    const stopped = workload(async (_read, record) => {
      record();
      stop.abort();
      throw new Error('the process was ended');
    });
    expect(await stopped.run(contextOf({}, stop))).toEqual([figure]);
  });

  test('that fails by itself has failed', async () => {
    const failing = workload(() => Promise.reject(new Error('broken')));
    await expect(failing.run(contextOf({}))).rejects.toThrow('broken');
  });
});
