import type { Measurement } from './record/result.ts';

/** One option of a workload: parsing, help and the recorded command all come from this. */
export interface OptionSpec {
  readonly name: string;
  /** What stands after it in the help, such as `N,N`. */
  readonly value: string;
  readonly default: string;
  readonly help: string;
}

export interface WorkloadContext {
  readonly root: string;
  readonly seed: string;
  readonly options: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** A line for whoever waits; never part of the result. */
  readonly progress: (line: string) => void;
}

export interface Workload {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionSpec[];
  /** How it measures, in sentences that go into the record. */
  readonly method: readonly string[];
  /** @throws UsageError before anything is started, where an option cannot be read */
  readonly run: (context: WorkloadContext) => Promise<readonly Measurement[]>;
}

/** What the command line asked for and cannot have. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError unless the option holds whole numbers in the range, separated by commas */
export function wholeNumbers(
  { options }: WorkloadContext,
  name: string,
  { min, max }: { readonly min: number; readonly max: number },
): number[] {
  const text = options[name] ?? '';
  const numbers = text.split(',').map(Number);
  if (numbers.every((number) => Number.isSafeInteger(number) && number >= min && number <= max))
    return numbers;
  throw new UsageError(`--${name}: expected whole numbers from ${min} to ${max}, got "${text}"`);
}
