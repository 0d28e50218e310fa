import { parseOptions, UsageError, wholeNumber } from '@weft/testing/command';

export interface NetsplitCommand {
  readonly seconds: number;
  readonly retries: 'stock' | 'tuned';
  readonly how: 'refusing' | 'silent';
  readonly json: boolean;
  readonly help: boolean;
}

export const HELP = `npm run netsplit [-- --seconds N] [--retries stock|tuned] [--silent] [--json]

Starts two Synapses, opens one world on both, cuts them off from each other while people go on editing on both sides,
heals them, and prints what each side sees and how long it takes until both see the same, with hashes.

  --seconds N   how long the split lasts, 4 to 3600; 60 by default
  --retries R   how Synapse tries again what did not arrive: stock, as it is shipped (the default), or tuned
  --silent      calls between the servers get no answer, as when a cable is pulled; by default they are refused
  --json        the figures as JSON on standard output, the transcript on standard error

Ends with 0 where nothing acknowledged is missing and both sides are equal, 1 otherwise, 2 where this text was not
followed.`;

const DEFAULT_SECONDS = 60;
const MIN_SECONDS = 4;
const MAX_SECONDS = 3600;
const OPTIONS = {
  seconds: { type: 'string' },
  retries: { type: 'string', default: 'stock' },
  silent: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** @throws UsageError */
export function netsplitCommand(args: readonly string[]): NetsplitCommand {
  const { seconds: text, retries, silent, json, help } = parseOptions(args, OPTIONS);
  const range = { least: MIN_SECONDS, most: MAX_SECONDS, byDefault: DEFAULT_SECONDS };
  const seconds = wholeNumber('--seconds', text, range);
  if (retries !== 'stock' && retries !== 'tuned')
    throw new UsageError(`--retries: expected stock or tuned, got "${retries}"`);
  return { seconds, retries, how: silent ? 'silent' : 'refusing', json, help };
}
