import type { Measurement, Result } from '../../record/result.ts';

type Percentile = 'p50' | 'p95' | 'p99' | 'max';

/** A run whose figures the first page shows. */
export class CitedRun {
  readonly path: string;
  readonly result: Result;

  /** @throws TypeError for what is no run, or one that cannot be made again: of a changed tree, or cut short */
  constructor(path: string, text: string) {
    const result: unknown = JSON.parse(text);
    if (!isResult(result)) throw new TypeError(`${path}: this is no recorded run`);
    if (result.provenance.dirty)
      throw new TypeError(`${path}: measured with uncommitted changes: nobody can make it again`);
    if (result.interrupted)
      throw new TypeError(`${path}: interrupted: measured less often than was asked for`);
    this.path = path;
    this.result = result;
  }

  /** The values of a parameter, in the order in which they were measured. */
  values(parameter: string): number[] {
    const all = this.result.measurements.map(({ parameters }) => Number(parameters[parameter]));
    return [...new Set(all)].filter((value) => !Number.isNaN(value));
  }

  /** @throws RangeError where there is no such figure */
  figure(system: string, metric: string, parameters: Measurement['parameters'] = {}): Measurement {
    const found = this.find(system, metric, parameters);
    if (found !== undefined) return found;
    const which = [system, metric, JSON.stringify(parameters)].join(', ');
    throw new RangeError(`${this.path} holds no figure "${which}"`);
  }

  find(system: string, metric: string, parameters: Measurement['parameters'] = {}): Measurement | undefined {
    return this.result.measurements.find(
      (one) =>
        one.system === system &&
        one.metric === metric &&
        Object.entries(parameters).every(([name, value]) => one.parameters[name] === value),
    );
  }

  /** A figure as the page shows it, with its unit and, where it has one, the interval of its median. */
  show(
    system: string,
    metric: string,
    parameters: Measurement['parameters'] = {},
    which: Percentile = 'p50',
  ): string {
    const found = this.figure(system, metric, parameters);
    const { interval } = found;
    const value = shown(found[which], found.unit);
    if (which !== 'p50' || interval == null || interval.low === interval.high) return value;
    return `${value} [${shown(interval.low, found.unit)}, ${shown(interval.high, found.unit)}]`;
  }
}

const BYTES_PER_MIB = 1024 * 1024;

/** A value for people: two or three digits that mean something, and a unit that suits them. */
export function shown(value: number, unit: Measurement['unit']): string {
  switch (unit) {
    case 'ms':
      return value >= 1000 ? `${digits(value / 1000)} s` : `${digits(value)} ms`;
    case 'us':
      return value >= 100 ? `${digits(value / 1000)} ms` : `${digits(value)} µs`;
    case 'bytes':
      return value >= BYTES_PER_MIB ? `${digits(value / BYTES_PER_MIB)} MiB` : `${counted(value)} bytes`;
    case '%':
      return `${digits(value)} %`;
    case 'movers':
    case 'receivers':
    case 'bytes a second':
      return `${counted(value)} ${unit}`;
    case 'events':
      return `${counted(value)} ${value === 1 ? 'event' : 'events'}`;
    default:
      return `${digits(value)} ${unit}`;
  }
}

/** `12,345`. */
export function counted(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return counted(value);
  if (size >= 10) return String(Math.round(value));
  return size >= 1 ? value.toFixed(1) : value.toFixed(2);
}

function isResult(value: unknown): value is Result {
  return (
    typeof value === 'object' &&
    value !== null &&
    'measurements' in value &&
    Array.isArray(value.measurements) &&
    'provenance' in value
  );
}
