import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { poses } from './poses.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
/** Servers and crowds start, on a machine that does other things too. */
const TIMEOUT_MS = 240_000;
const MOVERS = 8;

test(
  'poses measures a crowd that grows on a relay, and sees a server that stands still',
  async () => {
    const signal = new AbortController().signal;
    const options = { movers: `${MOVERS},12`, seconds: '1', reps: '1', systems: 'weft' };
    const measurements = await poses.run({ root, seed: '1', options, signal, progress: () => undefined });
    const value = (metric: string, system = 'weft', movers = MOVERS): number | undefined =>
      measurements.find(
        (one) => one.metric === metric && one.system === system && one.parameters.movers === movers,
      )?.p50;
    expect(value('pose age, p50')).toBeGreaterThan(0);
    expect(value('pose told, size')).toBeGreaterThan(5);
    expect(value('pose told, size')).toBeLessThan(16);
    expect(value('poses told, of those sent')).toBeGreaterThan(50);
    expect(value('server')).toBeGreaterThan(0);
    expect(value('process of all clients', 'load of weft')).toBeGreaterThan(0);
    for (const system of ['weft', 'weft, best'])
      expect(measurements).toContainEqual(
        expect.objectContaining({ metric: 'largest crowd that keeps up', system, n: 1 }),
      );
  },
  TIMEOUT_MS,
);
