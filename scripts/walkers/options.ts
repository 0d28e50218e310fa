import { parseArgs } from 'node:util';

export interface WalkersCommand {
  readonly bots: number;
  /** `undefined` for as many as there are bots. */
  readonly users: number | undefined;
  readonly quality: 'low' | 'full';
  /** Folder of the pictures, or the file of the light one. */
  readonly picture: string | null;
  readonly help: boolean;
}

export const HELP = `npm run walkers [-- --bots N] [--users N] [--low] [--picture FILE]

Has bots walk round the plaza of a new world on a real Synapse: each is a client of its own that asks a real relay for a ticket
and moves an avatar twenty times a second. Opens the world in the studio in a real Chromium, waits until that page sees all of
them, finds that they move, and leaves pictures of it, light and dark, in .weft/walkers.

  --bots N        how many, 1 to 200; default 100
  --users N       how many users they are, at most 8 bots each; default as many as bots, at most 100
  --low           the view in 320 × 180 pixels: less work for a slow machine
  --picture FILE  where the light picture goes

Ends with 0 where the page saw all of them and they moved, 1 otherwise, 2 where this text was not followed.`;

const DEFAULT_BOTS = 100;
const MAX_BOTS = 200;
const MAX_USERS = 100;

/** What the command line asked for and cannot have. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError */
export function walkersCommand(args: readonly string[]): WalkersCommand {
  const { bots, users, low, picture, help } = parse(args);
  return {
    bots: bots === undefined ? DEFAULT_BOTS : whole('--bots', bots, MAX_BOTS),
    users: users === undefined ? undefined : whole('--users', users, MAX_USERS),
    quality: low ? 'low' : 'full',
    picture: picture ?? null,
    help,
  };
}

function whole(option: string, text: string, most: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new UsageError(`${option}: expected a whole number from 1 to ${most}, got "${text}"`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        bots: { type: 'string' },
        users: { type: 'string' },
        picture: { type: 'string' },
        low: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
