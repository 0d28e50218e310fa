import type { Measurement, Result, Unit } from '../record/result.ts';

const COLUMNS = ['n', 'p50', '95 %', 'p95', 'p99', 'min', 'max'] as const;
const COLUMN_WIDTH = 10;
const INTERVAL_WIDTH = 15;
const BYTES_PER_MIB = 1024 * 1024;

/** What was measured, on what, as a table for a terminal. */
export function table(result: Result): string {
  const { provenance, machine } = result;
  const names = result.measurements.map(nameOf);
  const width = Math.max(...names.map((name) => name.length), 0);
  const header = ['', ...COLUMNS];
  const rows = result.measurements.map((measurement, index) => [
    names[index] ?? '',
    ...COLUMNS.map((column) => cell(measurement, column)),
  ]);
  return [
    `${result.workload} · commit ${provenance.commit.slice(0, 10)}${provenance.dirty ? ' with changes' : ''} · seed ${result.seed}`,
    `${machine.cores} × ${machine.cpu} · ${machine.kernel} · Node ${machine.node} · Synapse ${machine.synapse} · load ${machine.loadAtStart.toFixed(2)}`,
    ...(result.interrupted ? ['INTERRUPTED: measured less often than was asked for'] : []),
    '',
    ...[header, ...rows].map(([name = '', ...cells]) =>
      [name.padEnd(width), ...cells.map((text, at) => text.padStart(widthOf(COLUMNS[at])))].join(' '),
    ),
  ].join('\n');
}

/** A figure as people read it, without its unit. */
export function show(value: number, unit: Unit): string {
  if (unit === 'bytes') return (value / BYTES_PER_MIB).toFixed(2);
  // Below ten the second digit behind the point tells systems apart.
  return value.toFixed(Math.abs(value) < 10 && !Number.isInteger(value) ? 2 : 1);
}

export function nameOf({ metric, system, parameters, unit }: Measurement): string {
  return `${[...givenOf(parameters), system].join(' · ')} · ${metric} [${unit === 'bytes' ? 'MiB' : unit}]`;
}

/** `2 clients`, `10000 objects`. */
export function givenOf(parameters: Measurement['parameters']): string[] {
  return Object.entries(parameters).map(([name, value]) => `${value} ${name}`);
}

function cell(measurement: Measurement, column: (typeof COLUMNS)[number]): string {
  const { interval, unit } = measurement;
  if (column === 'n') return String(measurement.n);
  if (column !== '95 %') return show(measurement[column], unit);
  return interval === null ? '' : `${show(interval.low, unit)}–${show(interval.high, unit)}`;
}

function widthOf(column: (typeof COLUMNS)[number] | undefined): number {
  return column === '95 %' ? INTERVAL_WIDTH : COLUMN_WIDTH;
}
