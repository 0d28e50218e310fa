import { expect, test } from 'vitest';
import { MAX_AGE_MS, MAX_LATE_MS, MAX_LOAD_CORES, MIN_TOLD, standingOf } from './keeps-up.ts';

const fine = {
  age: { p50: 1, p95: MAX_AGE_MS, p99: 1000 },
  ...{ told: MIN_TOLD, starved: 0, lateMs: MAX_LATE_MS, loadCores: MAX_LOAD_CORES },
};

test('a system keeps up to the bounds, and however busy the process of its clients is', () => {
  expect(standingOf(fine)).toBe('keeps up');
  expect(standingOf({ ...fine, lateMs: 500, loadCores: 1.2 })).toBe('keeps up');
});

test.each([{ age: { ...fine.age, p95: MAX_AGE_MS + 0.1 } }, { told: MIN_TOLD - 0.001 }, { starved: 1 }])(
  'one past a bound it gives out, unless that process was at its own end: %j',
  (change) => {
    expect(standingOf({ ...fine, ...change })).toBe('gives out');
    expect(standingOf({ ...fine, ...change, lateMs: MAX_LATE_MS + 0.1 })).toBe('busy');
    expect(standingOf({ ...fine, ...change, loadCores: MAX_LOAD_CORES + 0.01 })).toBe('busy');
  },
);
