import { parseArgs } from 'node:util';

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

/** What the command line asked for and cannot have. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const MIN_SECONDS = 4;
const MAX_SECONDS = 3600;

/** @throws UsageError */
export function netsplitCommand(args: readonly string[]): NetsplitCommand {
  const values = parse(args);
  const seconds = Number(values.seconds);
  if (!Number.isSafeInteger(seconds) || seconds < MIN_SECONDS || seconds > MAX_SECONDS)
    throw new UsageError(
      `--seconds: expected a whole number from ${MIN_SECONDS} to ${MAX_SECONDS}, got "${values.seconds}"`,
    );
  if (values.retries !== 'stock' && values.retries !== 'tuned')
    throw new UsageError(`--retries: expected stock or tuned, got "${values.retries}"`);
  const how = values.silent ? 'silent' : 'refusing';
  return { seconds, retries: values.retries, how, json: values.json, help: values.help };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seconds: { type: 'string', default: '60' },
        retries: { type: 'string', default: 'stock' },
        silent: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
