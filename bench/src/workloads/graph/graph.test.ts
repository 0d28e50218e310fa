import { fileURLToPath } from 'node:url';
import { Reduction, RegisterStore } from '@weft/core';
import { SeededRandom } from '@weft/testing';
import { UsageError } from '@weft/testing/command';
import { describe, expect, test } from 'vitest';
import { catalogueRows, catalogueWorld } from '../../scene/catalogue.ts';
import { graph } from './graph.ts';
import { TEN_RULES } from './rules.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const world = (seed: string) => catalogueWorld(new SeededRandom(seed), 300);

function runWith(options: Record<string, string>) {
  const signal = new AbortController().signal;
  return graph.run({ root, seed: '1', options, signal, progress: () => undefined });
}

describe('graph', () => {
  test('measures each task of a small world in processes of its own', async () => {
    // Large enough that what a world holds outweighs what the runtime lets go of meanwhile.
    const measurements = await runWith({ sizes: '2000', reps: '1' });
    const named = new Map(measurements.map((one) => [`${one.system}: ${one.metric}`, one]));
    for (const name of [
      'weft: size',
      'plain JSON: size',
      'plain JSON, gzip: size',
      'plain JSON: JSON.parse, cold',
      'weft: decode, cold',
      'weft: join and reduce, warm',
      'weft: whole, warm',
      'weft: first walk in tree order, after opening, cold',
      'weft: first query by name, after opening, cold',
      'weft: first query by place, after opening, warm',
      'weft: heap',
      'plain JSON: heap',
      'weft, no rules: one edit, p95 of 2000',
      'weft, ten rules: one edit, p99 of 2000',
    ])
      expect(named.get(name)?.p50, name).toBeGreaterThan(0);
    const measured = measurements.filter(({ system }) => system !== 'machine');
    expect(measured.every(({ n, samples }) => n === 1 && samples.length === 1)).toBe(true);
    // Seven processes one after another, on a machine that may be busy.
  }, 60_000);

  test('has the same world for the same seed, and another for another', () => {
    expect(catalogueRows(world('1'))).toEqual(catalogueRows(world('1')));
    expect(catalogueRows(world('2'))).not.toEqual(catalogueRows(world('1')));
  });

  test('has ten rules that hide none of it', () => {
    const store = new RegisterStore();
    const reduction = new Reduction((id) => store.get(id));
    reduction.apply(store.join(world('1')), 'matrix', TEN_RULES);
    expect(TEN_RULES).toHaveLength(10);
    expect(reduction.ruleView.suspensions.rules.single.length).toBe(7);
    expect(reduction.ruleView.suspensions.rules.counting.length).toBe(3);
    expect(reduction.scene.size).toBe(300);
  });

  test.each([
    { sizes: '0', reps: '1' },
    { sizes: '10', reps: 'x' },
  ])('refuses %j before anything is started', async (options) => {
    await expect(runWith(options)).rejects.toThrow(UsageError);
  });
});
