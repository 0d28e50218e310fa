import { parseLine, wholeNumber } from '@weft/testing/command';

/** What `npm test` can run, in this order. */
export const SUITES = ['check', 'unit', 'synapse', 'browser', 'federation', 'ipfs'] as const;
export type Suite = (typeof SUITES)[number];

export interface Plan {
  readonly suites: readonly Suite[];
  /** Parts of file names; empty for every file. */
  readonly files: readonly string[];
  /** For the processes that run the tests. */
  readonly environment: Readonly<Record<string, string>>;
  readonly help: boolean;
}

export const HELP = `npm test [-- [SUITE...] [FILE...] [--seeds N] [--seed S]]

Installs what is missing and runs everything: the checks, the unit and property tests, the tests against a real
Synapse, those in a real headless Chromium, those against several homeservers that federate (Synapse, and a Dendrite),
and those against an IPFS node (Kubo). Dendrite and Kubo are built once, in about two minutes each. The last line says
how many tests and checks passed and failed; the lines above it name those that failed.

  SUITE        ${SUITES.join(', ')}; all of them by default
  FILE         part of the name of test files, such as packages/core or join.test; leaves the checks out
  --seeds N    at least N runs of every property
  --seed S     replay properties from this seed, as a failure prints it (write --seed=-5 for a negative one)

A suite whose server or browser cannot be installed is skipped with a notice; with CI=true that is a failure.
Ends with 0 where everything passed, 1 where something failed, 2 where this text was not followed.`;

const OPTIONS = {
  seeds: { type: 'string' },
  seed: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;
/** Least that a seed may be, as fast-check prints it. */
const MIN_SEED = -(2 ** 31);

/** @throws UsageError */
export function planOf(
  args: readonly string[],
  variables: { readonly runs: string; readonly seed: string },
): Plan {
  const { values, positionals } = parseLine(args, OPTIONS);
  const named = SUITES.filter((suite) => positionals.includes(suite));
  const files = positionals.filter((text) => !SUITES.some((suite) => suite === text));
  const all = files.length === 0 ? SUITES : SUITES.filter((suite) => suite !== 'check');
  const environment: Record<string, string> = {};
  if (values.seeds !== undefined) environment[variables.runs] = numberText('--seeds', values.seeds, 1);
  if (values.seed !== undefined) environment[variables.seed] = numberText('--seed', values.seed, MIN_SEED);
  return { suites: named.length > 0 ? named : all, files, environment, help: values.help ?? false };
}

function numberText(option: string, given: string, least: number): string {
  return String(wholeNumber(option, given, { least, byDefault: least }));
}
