/** Raises the runs of every property to at least this; `npm test -- --seeds N` sets it. */
export const RUNS_VARIABLE = 'WEFT_PROPERTY_RUNS';
/** Replays every property from this seed; `npm test -- --seed S` sets it. */
export const SEED_VARIABLE = 'WEFT_PROPERTY_SEED';

const DEFAULT_RUNS = 100;
/** For a test that makes its own number of runs, on two cores that others use too. */
const TEST_TIMEOUT_MS = 40_000;
const TIMEOUT_MS_A_RUN = 100;

export interface PropertySettings {
  readonly numRuns: number;
  /** Left out, fast-check takes the time of day and prints it on failure. */
  readonly seed?: number;
}

/**
 * The settings of one property: `fc.assert(property, propertySettings(500))`. A property that names no number of its
 * own gets the same settings without asking.
 *
 * @param runs how many an ordinary run makes; the environment can only raise it
 * @throws RangeError where the environment holds something else than whole numbers
 */
export function propertySettings(runs = DEFAULT_RUNS, environment = process.env): PropertySettings {
  const numRuns = Math.max(runs, read(environment, RUNS_VARIABLE) ?? 0);
  const seed = read(environment, SEED_VARIABLE);
  return seed === null ? { numRuns } : { numRuns, seed };
}

/** How long a unit test may take, in milliseconds: longer where the environment asks for more runs of every property. */
export function testTimeoutMs(environment = process.env): number {
  return TEST_TIMEOUT_MS + (read(environment, RUNS_VARIABLE) ?? 0) * TIMEOUT_MS_A_RUN;
}

/** The command that repeats a failed property alone. */
export function replayCommand(seed: number, testFile: string | undefined): string {
  return `npm test -- unit ${testFile === undefined ? '' : `${testFile} `}--seed=${seed}`;
}

function read(environment: NodeJS.ProcessEnv, variable: string): number | null {
  const text = environment[variable];
  if (text === undefined || text === '') return null;
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`${variable}: expected a whole number, got "${text}"`);
}
