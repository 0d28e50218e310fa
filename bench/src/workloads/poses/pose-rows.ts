import type { StepReport } from '../../poses/run-crowd.ts';
import { repeated } from '../../record/measured.ts';
import type { Measurement } from '../../record/result.ts';
import type { Climb } from './climb.ts';

const PERCENT = 100;

/** What was measured of one system in all repetitions: a row a figure and number of movers. */
export function poseRows(system: string, climbs: readonly Climb[]): Measurement[] {
  const counts = [...new Set(climbs.flatMap(({ steps }) => steps.map(({ movers }) => movers)))];
  return [
    repeated({
      ...{ metric: 'largest crowd that keeps up', system, parameters: {}, unit: 'movers' },
      samples: climbs.map(({ largest }) => largest),
    }),
    repeated({
      ...{ metric: 'may keep up with more', system: `ladder of ${system}`, parameters: {}, unit: 'events' },
      samples: climbs.map(({ isAtLeast }) => (isAtLeast ? 1 : 0)),
    }),
    ...counts.toSorted((a, b) => a - b).flatMap((movers) => stepRows(system, movers, climbs)),
  ];
}

function stepRows(system: string, movers: number, climbs: readonly Climb[]): Measurement[] {
  const reports = climbs.flatMap(({ steps }) => steps.filter((step) => step.movers === movers));
  const row = (
    metric: string,
    unit: Measurement['unit'],
    read: (report: StepReport) => number,
    of: string = system,
  ): Measurement =>
    repeated({ ...{ metric, system: of, parameters: { movers }, unit }, samples: reports.map(read) });
  return [
    row('pose age, p50', 'ms', ({ age }) => age.p50),
    row('pose age, p95', 'ms', ({ age }) => age.p95),
    row('pose age, p99', 'ms', ({ age }) => age.p99),
    row('pose told, size', 'bytes a pose', ({ bytesAPose }) => bytesAPose),
    row('poses told, of those sent', '%', ({ told }) => told * PERCENT),
    row('starved', 'receivers', ({ starved }) => starved),
    row('server', 'cores', ({ serverCores }) => serverCores),
    row('process of all clients', 'cores', ({ loadCores }) => loadCores, `load of ${system}`),
  ];
}
