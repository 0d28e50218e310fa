import type { ExitCode } from './failure.ts';
import type { ArgumentSpec, OptionSpec, RawOption } from './options.ts';
import type { Output } from './output.ts';

export type OptionSpecs = Readonly<Record<string, OptionSpec<unknown>>>;
export type ArgumentSpecs = Readonly<Record<string, ArgumentSpec<unknown>>>;

/** What each spec of a record reads to. */
export type ReadBy<Specs> = {
  readonly [Name in keyof Specs]: Specs[Name] extends { read(...args: never): infer T } ? T : never;
};

/** The process, as far as a command may touch it. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where the person stood when calling; file arguments are relative to it. */
  readonly directory: string;
  /** The project's git-ignored folder for everything local. */
  readonly weftDirectory: string;
  /** Aborted on SIGINT and SIGTERM, and when whoever reads stdout has gone. */
  readonly signal: AbortSignal;
}

/** What a command runs with: its own options and arguments, read and typed, and its surroundings. */
export interface Context<Options, Arguments> extends Surroundings {
  readonly options: Options;
  readonly args: Arguments;
  readonly output: Output;
}

export interface Example {
  /** What follows `npm run -s weft -- `. */
  readonly command: string;
  readonly does: string;
}

/**
 * One command of `weft`, as data: parsing, help and the reference page all come from this entry.
 * Option names are camelCase and become `--kebab-case`; every command has `--json` without listing it.
 */
export interface CommandSpec<Options extends OptionSpecs, Arguments extends ArgumentSpecs> {
  readonly name: string;
  /** One line for the list of commands, without a full stop. */
  readonly summary: string;
  /** What the command is for and what to know before using it: a few sentences that teach. */
  readonly description: string;
  readonly examples: readonly Example[];
  readonly args: Arguments;
  readonly options: Options;
  /** @returns the exit code; a throw is reported and mapped by `readFailure`. */
  run(context: Context<ReadBy<Options>, ReadBy<Arguments>>): Promise<ExitCode>;
}

/** A command with its types folded away, as the table holds it. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly examples: readonly Example[];
  readonly args: ArgumentSpecs;
  readonly options: OptionSpecs;
  /** Reads what commander parsed, then runs. @throws UsageError */
  start(raw: RawInvocation, surroundings: Surroundings, output: Output): Promise<ExitCode>;
}

/** Options and arguments by name, as parsed and not yet read. */
export interface RawInvocation {
  readonly options: Readonly<Record<string, RawOption>>;
  readonly args: Readonly<Record<string, RawOption>>;
}

export function defineCommand<const Options extends OptionSpecs, const Arguments extends ArgumentSpecs>(
  spec: CommandSpec<Options, Arguments>,
): Command {
  return {
    name: spec.name,
    summary: spec.summary,
    description: spec.description,
    examples: spec.examples,
    args: spec.args,
    options: spec.options,
    start(raw, surroundings, output) {
      const options = readAll(spec.options, raw.options, optionFlag);
      const args = readAll(spec.args, raw.args, (name) => name);
      return spec.run({ ...surroundings, options, args, output });
    },
  };
}

/** `<name>`, `[name]` or `<name...>`, as help and the reference page write an argument. */
export function argumentTerm(name: string, { arity }: ArgumentSpec<unknown>): string {
  return { one: `<${name}>`, maybe: `[${name}]`, some: `<${name}...>` }[arity];
}

/** `--name` or `--name <value>`. */
export function optionTerm(name: string, { placeholder }: OptionSpec<unknown>): string {
  return placeholder === null ? optionFlag(name) : `${optionFlag(name)} <${placeholder}>`;
}

export function optionFlag(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function readAll<Specs extends OptionSpecs | ArgumentSpecs>(
  specs: Specs,
  raw: Readonly<Record<string, RawOption>>,
  shown: (name: string) => string,
): ReadBy<Specs> {
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]): unknown[] => [name, spec.read(raw[name], shown(name))]),
  );
}
