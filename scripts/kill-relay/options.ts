import { parseArgs } from 'node:util';

export interface KillRelayCommand {
  readonly colourScheme: 'light' | 'dark';
  readonly quality: 'low' | 'full';
  /** 0 for not at all. */
  readonly offlineSeconds: number;
  readonly json: boolean;
  readonly help: boolean;
}

export const HELP = `npm run kill-relay [-- --offline N] [--dark] [--low] [--json]

Opens one world in two pages of a real Chromium, each with a user of its own, on a real Synapse and a real relay. Both edit
and see each other's edits, in their data and on their screens. Then the relay is killed (kill -9), edits go on over Matrix,
the relay is started again, both return to it, and nothing that anybody saw is missing. Prints each step with its time, and
leaves pictures of both pages in .weft/kill-relay.

  --offline N   then one page is cut from the network for N seconds, 1 to 600, while both edit
  --dark        the pages as they look in the dark
  --low         the view in 320 × 180 pixels: less work for a slow machine
  --json        the steps with their figures as JSON on standard output, the transcript on standard error

Ends with 0 where all of it held, 1 otherwise, 2 where this text was not followed.`;

const MAX_OFFLINE_SECONDS = 600;

/** What the command line asked for and cannot have. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError */
export function killRelayCommand(args: readonly string[]): KillRelayCommand {
  const { dark, low, offline, json, help } = parse(args);
  const offlineSeconds = offline === undefined ? 0 : Number(offline);
  if (
    offline !== undefined &&
    !(Number.isInteger(offlineSeconds) && offlineSeconds >= 1 && offlineSeconds <= MAX_OFFLINE_SECONDS)
  )
    throw new UsageError(
      `--offline: expected a whole number from 1 to ${MAX_OFFLINE_SECONDS}, got "${offline}"`,
    );
  const colourScheme = dark ? 'dark' : 'light';
  return { colourScheme, quality: low ? 'low' : 'full', offlineSeconds, json, help };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        offline: { type: 'string' },
        dark: { type: 'boolean', default: false },
        low: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
