import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** What the command line asked for and cannot have. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError for an option that there is not, or that lacks its value */
export function parseOptions<const Config extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Config,
) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** @throws UsageError */
export function wholeNumber(
  option: string,
  text: string | undefined,
  { least, byDefault }: { readonly least: number; readonly byDefault: number },
): number {
  if (text === undefined) return byDefault;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least && text.trim() !== '') return value;
  throw new UsageError(`${option}: expected a whole number from ${least}, got "${text}"`);
}
