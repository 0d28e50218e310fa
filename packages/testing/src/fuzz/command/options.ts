import { parseOptions, wholeNumber } from '../../command/usage.ts';

export interface Options {
  readonly frames: number;
  readonly seed: string;
  /** The number of the first input. */
  readonly from: number;
  readonly json: boolean;
  readonly help: boolean;
}

export const HELP = `npm run fuzz -- [--frames N] [--seed S] [--from K] [--json]

Sends frames of the live lane that were damaged, made up or blown up to everybody who reads frames: to clients and
relays as they decode them, and to a relay's room with somebody else in it. Each is read or refused by name within 20 ms of
processor time, nothing else is thrown, what was refused changes nothing, and nobody else's socket is closed for it.

  --frames N     how many inputs; default 100000
  --seed S       other inputs; default weft
  --from K       begin with input K of that seed: how one that failed is had again
  --json         the result as JSON on stdout

Ctrl-C stops, with the result so far. Ends with 0 where nothing failed, 1 where something did, 2 where this text was not followed.`;

const DEFAULT_FRAMES = 100_000;
const OPTIONS = {
  frames: { type: 'string' },
  seed: { type: 'string' },
  from: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** @throws UsageError */
export function readOptions(args: readonly string[]): Options {
  const values = parseOptions(args, OPTIONS);
  return {
    frames: wholeNumber('--frames', values.frames, { least: 1, byDefault: DEFAULT_FRAMES }),
    seed: values.seed ?? 'weft',
    from: wholeNumber('--from', values.from, { least: 0, byDefault: 0 }),
    json: values.json ?? false,
    help: values.help ?? false,
  };
}
