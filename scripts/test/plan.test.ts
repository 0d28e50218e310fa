import { UsageError } from '@weft/testing/command';
import { expect, test } from 'vitest';
import { planOf, SUITES } from './plan.ts';

const VARIABLES = { runs: 'RUNS', seed: 'SEED' };
const plan = (...args: string[]) => planOf(args, VARIABLES);

test('runs everything by default', () => {
  expect(plan()).toEqual({ suites: SUITES, files: [], environment: {}, help: false });
});

test('runs the suites that are named, in their own order', () => {
  expect(plan('synapse', 'unit').suites).toEqual(['unit', 'synapse']);
});

test('files leave the checks out', () => {
  expect(plan('packages/core')).toMatchObject({
    suites: ['unit', 'synapse', 'browser', 'federation', 'ipfs'],
    files: ['packages/core'],
  });
  expect(plan('unit', 'join')).toMatchObject({ suites: ['unit'], files: ['join'] });
});

test('hands seeds on by the environment', () => {
  expect(plan('--seeds', '5000', '--seed=-7').environment).toEqual({ RUNS: '5000', SEED: '-7' });
});

test.each([['--seeds', '0'], ['--seeds', 'many'], ['--seeds', ''], ['--seed', '1.5'], ['--wrong']])(
  'refuses %s %s',
  (...args) => {
    expect(() => plan(...args)).toThrow(UsageError);
  },
);
