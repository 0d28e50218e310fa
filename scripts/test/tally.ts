/** Tests and checks together. */
export interface Tally {
  readonly passed: number;
  /** One name for each, in the order in which they came. */
  readonly failures: readonly string[];
  readonly skipped: number;
}

export const NOTHING: Tally = { passed: 0, failures: [], skipped: 0 };
/** Failures that the closing list names; where more fail, they have one cause. */
export const MAX_NAMED_FAILURES = 100;

export function failure(name: string): Tally {
  return { ...NOTHING, failures: [name] };
}

export function sum(...tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((all, { passed }) => all + passed, 0),
    failures: tallies.flatMap(({ failures }) => failures),
    skipped: tallies.reduce((all, { skipped }) => all + skipped, 0),
  };
}

export interface RunTest {
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped' | 'pending';
}

/** What tests a file of tests holds and how they ended, as far as counting needs it. */
export interface RunModule {
  readonly id: string;
  /** Errors of loading the file, and of hooks outside any test. */
  readonly errors: number;
  readonly tests: readonly RunTest[];
}

/**
 * Counts a run. A file that does not load, a hook that throws, an error that no test caught, a test that never ended,
 * and a file that was to run and did not are failures: what was not seen to pass did not pass.
 */
export function tallyOf(
  expected: readonly string[],
  seenModules: readonly RunModule[],
  strayErrors: number,
): Tally {
  // Files that were only looked at, to count what is skipped, are among those seen.
  const modules = seenModules.filter(({ id }) => expected.includes(id));
  const seen = new Set(modules.map(({ id }) => id));
  const tests = modules.flatMap((module) => module.tests);
  return {
    passed: tests.filter(({ state }) => state === 'passed').length,
    failures: [
      ...modules.flatMap(failuresOf),
      ...expected.filter((id) => !seen.has(id)).map((id) => `${id}: did not run`),
      ...Array<string>(strayErrors).fill('an error that no test caught'),
    ],
    skipped: tests.filter(({ state }) => state === 'skipped').length,
  };
}

function failuresOf({ id, errors, tests }: RunModule): string[] {
  if (tests.length === 0 && errors === 0) return [`${id}: holds no test`];
  return [
    ...Array<string>(errors).fill(`${id}: an error outside its tests`),
    ...tests.filter(({ state }) => state === 'failed').map(({ name }) => `${id} > ${name}`),
    ...tests.filter(({ state }) => state === 'pending').map(({ name }) => `${id} > ${name}: did not end`),
  ];
}

/** What failed, by name, for whom only the end of a long run is left; empty where nothing did. */
export function failureLines({ failures }: Tally): string[] {
  if (failures.length === 0) return [];
  const rest = failures.length - MAX_NAMED_FAILURES;
  const named = failures.slice(0, MAX_NAMED_FAILURES).map((name) => `  ${name}`);
  return ['What failed:', ...named, ...(rest > 0 ? [`  and ${rest} more`] : [])];
}

/** The last line of a run: read by machines. */
export function summaryLine({ passed, failures, skipped }: Tally): string {
  return `${passed} passed, ${failures.length} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}

/** A run in which nothing passed proves nothing. */
export function isSuccess({ passed, failures }: Tally): boolean {
  return failures.length === 0 && passed > 0;
}
