/** Tests and checks together. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0 };

export function sum(...tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (all, each) => ({
      passed: all.passed + each.passed,
      failed: all.failed + each.failed,
      skipped: all.skipped + each.skipped,
    }),
    NOTHING,
  );
}

/** What tests a file of tests holds and how they ended, as far as counting needs it. */
export interface RunModule {
  readonly id: string;
  /** Errors of loading the file, and of hooks outside any test. */
  readonly errors: number;
  readonly states: readonly ('passed' | 'failed' | 'skipped' | 'pending')[];
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
  const count = (state: string): number =>
    modules.reduce((sum, { states }) => sum + states.filter((each) => each === state).length, 0);
  const seen = new Set(modules.map(({ id }) => id));
  const missing = expected.filter((id) => !seen.has(id)).length;
  const broken = modules.reduce((sum, { errors }) => sum + errors, 0);
  const hollow = modules.filter(({ states, errors }) => states.length === 0 && errors === 0).length;
  return {
    passed: count('passed'),
    failed: count('failed') + count('pending') + broken + hollow + missing + strayErrors,
    skipped: count('skipped'),
  };
}

/** The last line of a run: read by machines. */
export function summaryLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}

/** A run in which nothing passed proves nothing. */
export function isSuccess({ passed, failed }: Tally): boolean {
  return failed === 0 && passed > 0;
}
