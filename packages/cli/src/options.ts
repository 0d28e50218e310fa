import { UsageError } from './failure.ts';

/** What commander hands over for one option: absent, a switch, a text, or the texts of one that may be repeated. */
export type RawOption = undefined | boolean | string | readonly string[];

/** One `--option` of a command. `T` is what `run` receives. */
export interface OptionSpec<T> {
  /** What stands for the value in help, without brackets; `null` for a switch. */
  readonly placeholder: string | null;
  readonly description: string;
  readonly repeats: boolean;
  /** @throws UsageError */
  read(raw: RawOption, flag: string): T;
}

/** One positional argument of a command. */
export interface ArgumentSpec<T> {
  readonly description: string;
  readonly arity: 'one' | 'maybe' | 'some';
  read(raw: RawOption, name: string): T;
}

/** A switch: absent is `false`. */
export function flag(description: string): OptionSpec<boolean> {
  return { placeholder: null, description, repeats: false, read: (raw) => raw === true };
}

/** A text: absent is `undefined`. */
export function text(placeholder: string, description: string): OptionSpec<string | undefined> {
  return {
    placeholder,
    description,
    repeats: false,
    read: (raw) => (typeof raw === 'string' ? raw : undefined),
  };
}

/** An option that may be given several times: absent is the empty list. */
export function texts(placeholder: string, description: string): OptionSpec<readonly string[]> {
  return { placeholder, description, repeats: true, read: listOf };
}

/** One of a few words. */
export function choice<const T extends string>(
  choices: readonly T[],
  fallback: T,
  description: string,
): OptionSpec<T> {
  return {
    placeholder: choices.join('|'),
    description: `${description} (default: ${fallback})`,
    repeats: false,
    read(raw, flagName) {
      if (typeof raw !== 'string') return fallback;
      const chosen = choices.find((one) => one === raw);
      if (chosen !== undefined) return chosen;
      throw new UsageError(`${flagName} takes one of ${choices.join(', ')}, not ${JSON.stringify(raw)}.`);
    },
  };
}

/** A number within bounds; absent is the fallback. */
export function number<T extends number | undefined>(
  placeholder: string,
  bounds: { readonly min: number; readonly max: number; readonly whole: boolean; readonly fallback: T },
  description: string,
): OptionSpec<number | T> {
  return {
    placeholder,
    description,
    repeats: false,
    read(raw, flagName) {
      if (typeof raw !== 'string') return bounds.fallback;
      const value = Number(raw);
      const inBounds = raw.trim() !== '' && value >= bounds.min && value <= bounds.max;
      if (inBounds && (!bounds.whole || Number.isInteger(value))) return value;
      const kind = bounds.whole ? 'a whole number' : 'a number';
      throw new UsageError(
        `${flagName} takes ${kind} from ${bounds.min} to ${bounds.max}, not ${JSON.stringify(raw)}.`,
      );
    },
  };
}

/** An argument that has to be there. */
export function required(description: string): ArgumentSpec<string> {
  return {
    description,
    arity: 'one',
    read(raw, name) {
      if (typeof raw === 'string') return raw;
      throw new UsageError(`The argument <${name}> is missing.`);
    },
  };
}

/** An argument that may be left out: absent is `undefined`. */
export function optional(description: string): ArgumentSpec<string | undefined> {
  return {
    description,
    arity: 'maybe',
    read: (raw) => (typeof raw === 'string' ? raw : undefined),
  };
}

/** One or more arguments; only the last of a command can be so. */
export function some(description: string): ArgumentSpec<readonly string[]> {
  return { description, arity: 'some', read: listOf };
}

function listOf(raw: RawOption): readonly string[] {
  if (typeof raw === 'string') return [raw];
  return typeof raw === 'object' ? raw : [];
}
