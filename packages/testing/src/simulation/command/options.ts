import { availableParallelism } from 'node:os';
import { parseOptions, wholeNumber } from '../../command/usage.ts';

export interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly jobs: number;
  readonly json: boolean;
  /** A seed, or the file of a script, whose run is printed line by line. */
  readonly trace: string | null;
  readonly help: boolean;
}

export const HELP = `npm run simulate -- [--seeds N] [--from S] [--jobs J] [--json] [--trace SEED|FILE]

Runs simulated worlds: homeservers that federate, links and disks that fail, files that are lost, clients that die,
moderators, clocks that are wrong, all in one process and under a virtual clock. Each seed is one script; afterwards
everything heals, and all replicas, a fresh opening on each server, and all that people were told must agree; and what
was purged, or written without the right, is nowhere any more.

  --seeds N      how many scripts; default 1000
  --from S       the first seed; default 1
  --jobs J       processes; default: one a core
  --json         the result as JSON on stdout
  --trace SEED   run one script and print all that happens; FILE is a script that was kept

A seed that fails is shrunk and kept under packages/testing/regressions. Ctrl-C stops, with the result so far.
Ends with 0 where nothing failed, 1 where something did, 2 where this text was not followed.`;

const DEFAULT_SEEDS = 1000;
const OPTIONS = {
  seeds: { type: 'string' },
  from: { type: 'string' },
  jobs: { type: 'string' },
  json: { type: 'boolean' },
  trace: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** @throws UsageError */
export function readOptions(args: readonly string[]): Options {
  const values = parseOptions(args, OPTIONS);
  return {
    seeds: wholeNumber('--seeds', values.seeds, { least: 1, byDefault: DEFAULT_SEEDS }),
    from: wholeNumber('--from', values.from, { least: 1, byDefault: 1 }),
    jobs: wholeNumber('--jobs', values.jobs, { least: 1, byDefault: availableParallelism() }),
    json: values.json ?? false,
    trace: values.trace ?? null,
    help: values.help ?? false,
  };
}
