import { largestOf, systemsOf } from '../pose-figures.ts';
import { nameOfSystem } from '../system-names.ts';
import type { CitedRun } from './cited-run.ts';
import type { Row } from './row.ts';

/** Of how many movers the page shows ages. */
const SHOWN_MOVERS = [32, 200] as const;
const RIVALS_OF_POSES = ['weft', 'weft, best'];

/** Who keeps up with how many, and how old poses are. */
export function poseRows(run: CitedRun): Row[] {
  const rivals = systemsOf(run.result).filter((system) => !RIVALS_OF_POSES.includes(system));
  const beside = (metric: string, parameters: Readonly<Record<string, number>>): string =>
    rivals
      .filter((system) => run.find(system, metric, parameters) !== undefined)
      .map((system) => `${nameOfSystem(system)} ${run.show(system, metric, parameters)}`)
      .join(', ');
  const { n } = run.figure('weft', 'largest crowd that keeps up');
  const largest = (system: string): string => largestOf(run.result, system);
  return [
    {
      what: `how many can move at 20 Hz, each told of all others, until a pose is over 100 ms old (p95) or one in ten is missing (n = ${n})`,
      weft: [
        `${largest('weft')} at 48 kB a second to each`,
        ...(run.find('weft, best', 'largest crowd that keeps up') === undefined
          ? []
          : [`${largest('weft, best')} without that bound`]),
      ].join(', '),
      beside: rivals.map((system) => `${nameOfSystem(system)} ${largest(system)}`).join(', '),
    },
    ...SHOWN_MOVERS.filter((movers) => run.find('weft', 'pose age, p50', { movers }) !== undefined).map(
      (movers) => ({
        what: `how old a pose is when it comes, ${movers} movers: p50, p95, processors of the server (n = ${run.figure('weft', 'pose age, p50', { movers }).n})`,
        weft: ['pose age, p50', 'pose age, p95', 'server']
          .map((metric) => run.show('weft', metric, { movers }))
          .join(', '),
        beside: `p95: ${beside('pose age, p95', { movers })}`,
      }),
    ),
    ...SHOWN_MOVERS.slice(-1)
      .filter((movers) => run.find('weft', 'pose told, size', { movers }) !== undefined)
      .map((movers) => ({
        what: `bytes of a pose on the wire, ${movers} movers`,
        weft: run.show('weft', 'pose told, size', { movers }),
        beside: beside('pose told, size', { movers }),
      })),
  ];
}

/** What each of a thousand is told, and what an hour leaves. */
export function crowdRows(run: CitedRun): Row[] {
  const fresh = run.result.measurements.filter(({ metric }) => /^age of the nearest \d+, p95$/.test(metric));
  const growth = run.result.measurements.find(({ metric }) => metric === 'growth of the graph');
  return [
    ...fresh.map(({ metric, parameters, n }) => ({
      what: `${parameters.movers} movers ${parameters.place}: ${metric} (n = ${n})`,
      weft: `${run.show('weft', metric, parameters)}, ${run.show('weft', 'told, the reader of most', parameters)} to the reader of most`,
      beside: '',
    })),
    ...(growth === undefined
      ? []
      : [
          {
            what: `${growth.parameters.movers} movers, ${Number(growth.parameters['poses each']).toLocaleString('en-US')} poses each: growth of the graph`,
            weft: run.show('weft', 'growth of the graph', growth.parameters),
            beside: '',
          },
        ]),
  ];
}
