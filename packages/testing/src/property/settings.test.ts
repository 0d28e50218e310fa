import { describe, expect, test } from 'vitest';
import { propertySettings, RUNS_VARIABLE, replayCommand, SEED_VARIABLE, testTimeoutMs } from './settings.ts';

describe('propertySettings', () => {
  test('keeps what the property asks for where the environment says nothing', () => {
    expect(propertySettings(7, {})).toEqual({ numRuns: 7 });
    expect(propertySettings(7, { [RUNS_VARIABLE]: '' })).toEqual({ numRuns: 7 });
  });

  test('the environment raises the runs and never lowers them', () => {
    expect(propertySettings(7, { [RUNS_VARIABLE]: '1000' }).numRuns).toBe(1000);
    expect(propertySettings(2000, { [RUNS_VARIABLE]: '1000' }).numRuns).toBe(2000);
  });

  test('replays a seed, negative ones too', () => {
    expect(propertySettings(7, { [SEED_VARIABLE]: '-12' })).toEqual({ numRuns: 7, seed: -12 });
  });

  test('refuses what is no whole number', () => {
    expect(() => propertySettings(7, { [RUNS_VARIABLE]: 'many' })).toThrow(RangeError);
    expect(() => propertySettings(7, { [SEED_VARIABLE]: '1.5' })).toThrow(RangeError);
  });

  test('gives a test more time where it makes more runs', () => {
    expect([testTimeoutMs({}), testTimeoutMs({ [RUNS_VARIABLE]: '3000' })]).toEqual([40_000, 340_000]);
  });

  test('the command that it prints replays the property', () => {
    expect(replayCommand(-5, 'a.test.ts')).toBe('npm test -- unit a.test.ts --seed=-5');
  });
});
