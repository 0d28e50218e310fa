import { CommanderError, Option, Command as Parser } from 'commander';
import {
  argumentTerm,
  type Command,
  optionFlag,
  optionTerm,
  type RawInvocation,
  type Surroundings,
} from './command.ts';
import { EXIT, type ExitCode, readFailure } from './failure.ts';
import type { RawOption } from './options.ts';
import { createOutput } from './output.ts';

/** How a person calls the command from the project's folder. */
export const INVOCATION = 'npm run -s weft --';

export interface ProgramPorts extends Surroundings {
  readonly stdout: (chunk: string) => unknown;
  readonly stderr: (chunk: string) => unknown;
}

// Commander wraps each paragraph to the terminal.
const INTRODUCTION = [
  'Shared 3D worlds that live in Matrix rooms.',
  `Start with "${INVOCATION} up": it runs a homeserver and a demo world on this machine, and every other command then works on that world. For another homeserver give --homeserver, --token and --world, or set WEFT_HOMESERVER, WEFT_TOKEN and WEFT_WORLD.`,
].join('\n\n');

const EXITS = `Exit codes: ${EXIT.ok} done · ${EXIT.failed} failed · ${EXIT.usage} wrong usage · ${EXIT.refused} refused by role, rule or schema`;

/** Parses a command line against the table, runs the command, reports what it throws. */
export async function runProgram(
  commands: readonly Command[],
  argv: readonly string[],
  ports: ProgramPorts,
): Promise<ExitCode> {
  const json = argv.includes('--json');
  const output = createOutput({ stdout: ports.stdout, stderr: ports.stderr, json });
  let exit: ExitCode = EXIT.ok;
  const parser = buildParser(commands, ports, async (command, raw) => {
    exit = await command.start(raw, ports, output);
  });
  try {
    if (argv.length === 0) {
      ports.stderr(parser.helpInformation());
      return EXIT.usage;
    }
    await parser.parseAsync(
      argv.map((token) => shield(token, commands)),
      { from: 'user' },
    );
    return exit;
  } catch (error) {
    // Commander has already printed help or its own complaint.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const failure = readFailure(error);
    output.failure(failure);
    return failure.exit;
  }
}

type Start = (command: Command, raw: RawInvocation) => Promise<void>;

function buildParser(commands: readonly Command[], ports: ProgramPorts, start: Start): Parser {
  const parser = new Parser(INVOCATION)
    .description(INTRODUCTION)
    .usage('<command> [options]')
    .exitOverride()
    .helpCommand('help [command]', 'what a command does, with examples')
    .configureHelp({ subcommandTerm: (sub) => sub.name() })
    .configureOutput({
      writeOut: (text) => void ports.stdout(text),
      writeErr: (text) => void ports.stderr(text),
    })
    .addHelpText('after', `\n${EXITS}`);
  for (const command of commands) addCommand(parser, command, start);
  return parser;
}

function addCommand(parser: Parser, command: Command, start: Start): void {
  const sub = parser.command(command.name).summary(command.summary).description(command.description);
  const names = Object.keys(command.args);
  for (const [name, spec] of Object.entries(command.args)) {
    sub.argument(argumentTerm(name, spec), spec.description);
  }
  for (const [name, spec] of Object.entries(command.options)) {
    const option = new Option(optionTerm(name, spec), spec.description);
    if (spec.repeats) {
      option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
    }
    sub.addOption(option);
  }
  sub.option('--json', 'results as JSON on stdout, errors as JSON on stderr');
  sub.addHelpText('after', `\nExamples:\n${examplesOf(command)}\n\n${EXITS}`);
  sub.action(async () => {
    const values = sub.processedArgs.map(unshield);
    await start(command, {
      options: Object.fromEntries(
        Object.entries(sub.opts<Record<string, RawOption>>()).map(([name, raw]) => [name, unshield(raw)]),
      ),
      args: Object.fromEntries(names.map((name, at) => [name, values[at]])),
    });
  });
}

function examplesOf({ examples }: Command): string {
  return examples.map(({ command, does }) => `  ${does}\n    $ ${INVOCATION} ${command}`).join('\n');
}

// One object id in 64 starts with a dash, and so do numbers. Commander would take them for options.
const SHIELD = '\u2060';
const SINGLE_DASH = /^-[^-]/;
const DASHED_ID = /^--[A-Za-z0-9_-]{20}$/;

function shield(token: string, commands: readonly Command[]): string {
  if (token === '-h') return token;
  if (SINGLE_DASH.test(token)) return SHIELD + token;
  const known = commands.some(({ options }) =>
    Object.keys(options).some((name) => optionFlag(name) === token),
  );
  return DASHED_ID.test(token) && !known ? SHIELD + token : token;
}

function unshield(raw: RawOption): RawOption {
  const bare = (one: string) => (one.startsWith(SHIELD) ? one.slice(SHIELD.length) : one);
  if (typeof raw === 'string') return bare(raw);
  return typeof raw === 'object' ? raw.map(bare) : raw;
}
