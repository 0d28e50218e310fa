import type { Measurement, Result, Unit } from '../record/result.ts';

const COLUMNS = ['n', 'p50', 'p95', 'p99', 'min', 'max'] as const;
const COLUMN_WIDTH = 10;
const BYTES_PER_MIB = 1024 * 1024;

/** What was measured, on what, as a table for a terminal. */
export function table(result: Result): string {
  const { provenance, machine } = result;
  const names = result.measurements.map(nameOf);
  const width = Math.max(...names.map((name) => name.length), 0);
  const header = [''.padEnd(width), ...COLUMNS.map((column) => column.padStart(COLUMN_WIDTH))].join(' ');
  const rows = result.measurements.map((measurement, index) => {
    const figures = COLUMNS.map((column) =>
      column === 'n' ? String(measurement.n) : show(measurement[column], measurement.unit),
    );
    return [
      (names[index] ?? '').padEnd(width),
      ...figures.map((figure) => figure.padStart(COLUMN_WIDTH)),
    ].join(' ');
  });
  return [
    `${result.workload} · commit ${provenance.commit.slice(0, 10)}${provenance.dirty ? ' with changes' : ''} · seed ${result.seed}`,
    `${machine.cores} × ${machine.cpu} · ${machine.kernel} · Node ${machine.node} · Synapse ${machine.synapse} · load ${machine.loadAtStart.toFixed(2)}`,
    '',
    header,
    ...rows,
  ].join('\n');
}

function nameOf({ metric, system, parameters, unit }: Measurement): string {
  const given = Object.entries(parameters).map(([name, value]) => `${value} ${name}`);
  return `${[...given, system].join(' · ')} · ${metric} [${unit === 'bytes' ? 'MiB' : unit}]`;
}

function show(value: number, unit: Unit): string {
  return unit === 'bytes' ? (value / BYTES_PER_MIB).toFixed(2) : value.toFixed(1);
}
