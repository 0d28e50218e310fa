import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { crowd } from './crowd.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
/** Servers and crowds start, on a machine that does other things too. */
const TIMEOUT_MS = 240_000;

test(
  'crowd measures what each of many is told of who is near, and that an hour of poses leaves nothing',
  async () => {
    const signal = new AbortController().signal;
    const options = { movers: '40', seconds: '1', reps: '1', poses: '100' };
    const measurements = await crowd.run({ root, seed: '1', options, signal, progress: () => undefined });
    const values = (metric: string) =>
      measurements.filter((one) => one.metric === metric).map(({ p50 }) => p50);
    expect(values('growth of the graph')).toEqual([0]);
    expect(values('growth of the journal')).toEqual([0]);
    expect(values('whole pose, the largest')[0]).toBeLessThanOrEqual(16);
    expect(values('step of a walk, mean')[0]).toBeLessThanOrEqual(8);
    for (const age of values('age of the nearest 30, p95')) expect(age).toBeGreaterThan(10);
    const [medianSpread = 0, medianInOneSquare] = values('told, the median reader');
    expect(medianSpread).toBeGreaterThan(100);
    expect(medianInOneSquare).toBeGreaterThan(2 * medianSpread);
    // One whose avatar is not where its client moves it would be told of everybody, wherever they are.
    expect(values('told, the reader of most')[0]).toBeLessThan(2.5 * medianSpread);
    expect(values('server')).toHaveLength(2);
  },
  TIMEOUT_MS,
);
