import { UsageError } from '@weft/testing/command';
import type { Measurement, Result } from './record/result.ts';

/** One option of a workload: parsing, help and the recorded command all come from this. */
export interface OptionSpec<T> {
  /** What stands after it in the help, such as `N,N`. */
  readonly value: string;
  readonly default: string;
  readonly help: string;
  /** @throws UsageError */
  read(text: string, flag: string): T;
}

type OptionSpecs = Readonly<Record<string, OptionSpec<unknown>>>;

/** What each option of a record reads to. */
type ReadBy<Specs extends OptionSpecs> = {
  readonly [Name in keyof Specs]: Specs[Name] extends OptionSpec<infer T> ? T : never;
};

export interface WorkloadContext {
  readonly root: string;
  readonly seed: string;
  /** As they were given; one that was not has its default. */
  readonly options: Readonly<Record<string, string>>;
  /** Aborted where somebody stops the run. */
  readonly signal: AbortSignal;
  /** A line for whoever waits; never part of the result. */
  readonly progress: (line: string) => void;
}

/** What a workload runs with. */
export interface RunContext extends WorkloadContext {
  /** Keeps what was measured, also where the run is stopped or fails later. */
  readonly record: (measurements: readonly Measurement[]) => void;
}

interface WorkloadDefinition<Specs extends OptionSpecs> {
  readonly name: string;
  readonly summary: string;
  readonly options: Specs;
  /** How it measures, in sentences that go into the record. */
  readonly method: readonly string[];
  /** About how long a run with these options takes on two cores that have nothing else to do. */
  readonly seconds: (options: ReadBy<Specs>) => number;
  run(context: RunContext, options: ReadBy<Specs>): Promise<void>;
  /** Files to write beside the record, by their extension: nothing in them that is not in it. */
  readonly beside?: (result: Pick<Result, 'measurements'>) => Readonly<Record<string, string>>;
}

/** A workload with its types folded away, as the table holds it. */
export interface Workload {
  readonly name: string;
  readonly summary: string;
  readonly options: OptionSpecs;
  readonly method: readonly string[];
  /** @throws UsageError where an option cannot be read */
  seconds(options: WorkloadContext['options']): number;
  /**
   * What was measured; less than was asked for where the signal was aborted meanwhile.
   *
   * @throws UsageError before anything is started, where an option cannot be read
   */
  run(context: WorkloadContext): Promise<readonly Measurement[]>;
  /** Files to write beside the record, by their extension. */
  beside(result: Pick<Result, 'measurements'>): Readonly<Record<string, string>>;
}

export function defineWorkload<const Specs extends OptionSpecs>(
  definition: WorkloadDefinition<Specs>,
): Workload {
  const { name, summary, options, method } = definition;
  return {
    ...{ name, summary, options, method },
    seconds: (given) => definition.seconds(readAll(options, given)),
    async run(context) {
      const read = readAll(options, context.options);
      const measurements: Measurement[] = [];
      const record: RunContext['record'] = (more) => void measurements.push(...more);
      try {
        await definition.run({ ...context, record }, read);
      } catch (error) {
        if (!context.signal.aborted) throw error;
      }
      return measurements;
    },
    beside: (result) => definition.beside?.(result) ?? {},
  };
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Whole numbers in the range, separated by commas. */
export function numbers(byDefault: string, range: Range, help: string): OptionSpec<readonly number[]> {
  const read = (text: string, flag: string): readonly number[] =>
    text.split(',').map((one) => readNumber(one, flag, range));
  return { value: 'N,N', default: byDefault, help, read };
}

/** One whole number in the range. */
export function number(byDefault: number, range: Range, help: string): OptionSpec<number> {
  const read = (text: string, flag: string): number => readNumber(text, flag, range);
  return { value: 'N', default: String(byDefault), help, read };
}

/** How often each contestant is measured. */
export function repetitions(byDefault: number, help = 'repetitions of each'): OptionSpec<number> {
  return number(byDefault, { min: 1, max: 1000 }, help);
}

function readNumber(text: string, flag: string, { min, max }: Range): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new UsageError(`${flag}: expected a whole number from ${min} to ${max}, got "${text}"`);
}

function readAll<Specs extends OptionSpecs>(specs: Specs, given: WorkloadContext['options']): ReadBy<Specs> {
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]): unknown[] => [
      name,
      spec.read(given[name] ?? spec.default, `--${name}`),
    ]),
  );
}
