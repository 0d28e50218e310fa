import Type from 'typebox';

/** What a setting says of itself: what it is for, and in which unit it counts where it counts something. */
interface About {
  readonly description: string;
  readonly unit?: string;
}

interface Range extends About {
  readonly minimum: number;
  readonly maximum: number;
  readonly default: number;
}

/** A whole number within bounds. */
export function count({ unit, ...options }: Range) {
  return Type.Integer({ ...options, ...(unit === undefined ? {} : { 'x-unit': unit }) });
}

/** One of a few words. */
export function oneOf<Words extends string[]>(
  words: readonly [...Words],
  options: About & { readonly default: Words[number] },
) {
  return Type.Enum<Words>(words, { ...options });
}

/** A text that matches a pattern; `accepts` says in words what the pattern means. */
export function text(
  options: About & { readonly pattern: string; readonly accepts: string; readonly default: string },
) {
  const { accepts, ...rest } = options;
  return Type.String({ ...rest, maxLength: MAX_TEXT_CHARACTERS, 'x-accepts': accepts });
}

/** A list of texts that match a pattern, in an environment variable separated by commas. */
export function texts(
  options: About & {
    readonly pattern: string;
    readonly accepts: string;
    readonly default: string[];
  },
) {
  const { pattern, accepts, ...rest } = options;
  const item = Type.String({ pattern, maxLength: MAX_TEXT_CHARACTERS, 'x-accepts': accepts });
  return Type.Array(item, { ...rest, maxItems: MAX_LIST_ITEMS });
}

const MAX_TEXT_CHARACTERS = 1024;
const MAX_LIST_ITEMS = 1000;
