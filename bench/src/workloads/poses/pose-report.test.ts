import { expect, test } from 'vitest';
import type { StepReport } from '../../poses/run-crowd.ts';
import type { Climb } from './climb.ts';
import { posePlot, poseTable } from './pose-report.ts';
import { poseRows } from './pose-rows.ts';

function step(movers: number, p95: number): StepReport {
  return {
    ...{ movers, age: { p50: p95 / 2, p95, p99: 2 * p95 }, nearestAge: null, told: 0.99, starved: 0 },
    ...{
      bytesAPose: 7.5,
      bytesPerSecond: { median: 1, most: 2 },
      lateMs: 1,
      loadCores: 0.3,
      serverCores: 0.2,
    },
  };
}

const climbOf = (largest: number, isAtLeast: boolean, ...steps: StepReport[]): Climb => ({
  ...{ steps, largest, isAtLeast },
});
const measurements = [
  ...poseRows('weft', [
    climbOf(100, true, step(8, 1), step(100, 4)),
    climbOf(100, true, step(8, 1.2), step(100, 4)),
  ]),
  ...poseRows('colyseus, best', [
    climbOf(8, false, step(8, 16), step(100, 800)),
    climbOf(0, false, step(8, 120)),
  ]),
];

test('a run of poses is drawn with a line for each system, and told in tables', () => {
  const plot = posePlot({ measurements }) ?? '';
  expect(plot.match(/>Weft<\/text>/g)).toHaveLength(2);
  expect(plot.match(/>Colyseus at its best<\/text>/g)).toHaveLength(2);
  const table = poseTable({ measurements });
  expect(table).toContain('| Weft | ≥ 100 | 7.50 |');
  expect(table).toContain('| Colyseus at its best | 0 | 7.50 |');
  expect(table).toContain(
    '| Colyseus at its best | 100 | 1 | 400.0 | 800.0 | 1600.0 | 99.0 | 0.0 | 7.50 | 0.20 | 0.30 |',
  );
});

test('one number of movers is no line', () => {
  expect(posePlot({ measurements: poseRows('weft', [climbOf(8, true, step(8, 1))]) })).toBeNull();
});
