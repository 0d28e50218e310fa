import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** What the command line asked for and cannot have. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError for a word that is no option, an option that there is not, or that lacks its value */
export function parseOptions<const Config extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Config,
) {
  return asUsage(() => parseArgs({ args: [...args], options }).values);
}

/** Options, and the words beside them. @throws UsageError for an option that there is not, or that lacks its value */
export function parseLine<const Config extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Config,
) {
  return asUsage(() => parseArgs({ args: [...args], options, allowPositionals: true }));
}

/** @throws UsageError */
export function wholeNumber(
  option: string,
  text: string | undefined,
  range: { readonly least: number; readonly most?: number; readonly byDefault: number },
): number {
  const { least, most = Number.MAX_SAFE_INTEGER, byDefault } = range;
  if (text === undefined) return byDefault;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least && value <= most && text.trim() !== '') return value;
  const bounds = range.most === undefined ? `from ${least}` : `from ${least} to ${most}`;
  throw new UsageError(`${option}: expected a whole number ${bounds}, got "${text}"`);
}

function asUsage<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
