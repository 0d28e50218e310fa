import { fileURLToPath } from 'node:url';
import { UsageError } from '@weft/testing/command';
import { describe, expect, test } from 'vitest';
import { query } from './query.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

function runWith(options: Record<string, string>) {
  const signal = new AbortController().signal;
  return query.run({ root, seed: '1', options, signal, progress: () => undefined });
}

describe('query', () => {
  test('asks each question of each system, and follows each live query', async () => {
    const measurements = await runWith({ sizes: '300', 'live-sizes': '300', reps: '10' });
    const named = new Map(measurements.map((one) => [`${one.system}: ${one.metric}`, one]));
    for (const name of ['weft: by kind', 'plain scan: by name', 'mingo: by tag', 'weft: by radius'])
      expect(named.get(name)?.p50, name).toBeGreaterThan(0);
    expect(named.get('mingo: by radius')).toBeUndefined();
    for (const name of ['kind', 'where', 'box in space', 'nearest', 'sorted page', 'selector'])
      expect(named.get(`weft: live delta, ${name}`)?.n, name).toBe(10);
  });

  test.each([
    { sizes: '0', 'live-sizes': '100', reps: '1' },
    { sizes: '100', 'live-sizes': '100', reps: 'x' },
  ])('refuses %j before anything is made', async (options) => {
    await expect(runWith(options)).rejects.toThrow(UsageError);
  });
});
