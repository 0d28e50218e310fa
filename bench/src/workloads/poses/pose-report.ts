import type { Measurement } from '../../record/result.ts';
import { linePlot, type Panel, type PlotLine } from '../../report/plot/line-plot.ts';
import { LARGEST, largestOf, type PosesRun, systemsOf } from '../../report/pose-figures.ts';
import { nameOfSystem } from '../../report/system-names.ts';
import { show } from '../../report/table.ts';
import { MAX_AGE_MS } from './keeps-up.ts';

const PANELS = ['pose age, p95', 'pose age, p50'] as const;
/** By the first word of a system's name; a further setting of it is dashed. */
const COLOURS: Readonly<Record<string, string>> = {
  weft: '#2f7ed8',
  floor: '#808890',
  'y-websocket': '#d9822b',
  colyseus: '#a05cc4',
  'networked-aframe': '#2e9e5b',
};
const OTHER = '#c04a5a';
/** What the second table shows of each number of movers. */
const FIGURES: readonly { head: string; metric: string; of: (system: string) => string }[] = [
  { head: 'age p50, ms', metric: 'pose age, p50', of: itself },
  { head: 'p95', metric: 'pose age, p95', of: itself },
  { head: 'p99', metric: 'pose age, p99', of: itself },
  { head: 'told, %', metric: 'poses told, of those sent', of: itself },
  { head: 'starved', metric: 'starved', of: itself },
  { head: 'bytes a pose', metric: 'pose told, size', of: itself },
  { head: 'server, cores', metric: 'server', of: itself },
  { head: 'all clients, cores', metric: 'process of all clients', of: (system) => `load of ${system}` },
];

/** Age against the number of movers, for all systems of a run, as SVG; nothing for a run of one number only. */
export function posePlot(run: PosesRun): string | null {
  const isLine = systemsOf(run).some((system) => pointsOf(run, system, PANELS[0]).length > 1);
  if (!isLine) return null;
  const panels = PANELS.map(
    (metric): Panel => ({
      title: `${metric.replace('pose age', 'Age of a pose when it comes')}, ms`,
      lines: systemsOf(run).map((system) => lineOf(run, system, metric)),
      mark: metric === PANELS[0] ? { y: MAX_AGE_MS, label: 'who is below keeps up' } : null,
    }),
  );
  const xTitle = 'movers, each at 20 Hz, all in view of all';
  return linePlot({ description: 'How old poses are, by the number of movers and system.', xTitle, panels });
}

/** Who keeps up with how many, and what each number of movers costs, as tables in Markdown. */
export function poseTable(run: PosesRun): string {
  const summary = systemsOf(run).map((system) => [
    nameOfSystem(system),
    largestOf(run, system),
    bytesOf(run, system),
  ]);
  const steps = systemsOf(run).flatMap((system) =>
    pointsOf(run, system, PANELS[0]).map(({ parameters, n }) => [
      ...[nameOfSystem(system), String(parameters.movers), String(n)],
      ...FIGURES.map(({ metric, of }) => cell(run, of(system), metric, parameters)),
    ]),
  );
  return [
    ...table(['system', 'keeps up with, movers', 'bytes a pose'], summary),
    '',
    ...table(['system', 'movers', 'n', ...FIGURES.map(({ head }) => head)], steps),
    '',
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

function lineOf(run: PosesRun, system: string, metric: string): PlotLine {
  const [family = ''] = system.split(',');
  return {
    label: nameOfSystem(system).replaceAll('`', ''),
    colour: COLOURS[family] ?? OTHER,
    isDashed: system !== family,
    isThick: family === 'weft',
    points: pointsOf(run, system, metric).map(({ parameters, p50, interval }) => ({
      ...{ x: Number(parameters.movers), y: p50 },
      ...(interval === null ? {} : interval),
    })),
  };
}

function pointsOf({ measurements }: PosesRun, system: string, metric: string): Measurement[] {
  return measurements.filter((one) => one.system === system && one.metric === metric);
}

/** With the most movers of whom it kept up, where frames hold most. */
function bytesOf(run: PosesRun, system: string): string {
  const largest = run.measurements.find((one) => one.system === system && one.metric === LARGEST);
  const sizes = pointsOf(run, system, 'pose told, size');
  const [first] = sizes;
  const found = sizes.findLast(({ parameters }) => Number(parameters.movers) <= (largest?.p50 ?? 0)) ?? first;
  return found === undefined ? '' : show(found.p50, found.unit);
}

function cell(run: PosesRun, system: string, metric: string, { movers }: Measurement['parameters']): string {
  const found = pointsOf(run, system, metric).find((one) => one.parameters.movers === movers);
  return found === undefined ? '' : show(found.p50, found.unit);
}

function itself(system: string): string {
  return system;
}
