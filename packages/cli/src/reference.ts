import { argumentTerm, type Command, optionTerm } from './command.ts';
import { INVOCATION } from './program.ts';

/** The reference page of the command line, as Markdown. */
export function renderReference(commands: readonly Command[]): string {
  const rows = commands.map(({ name, summary }) => `| [\`${name}\`](#${name}) | ${cell(summary)} |`);
  return `${[
    '# The `weft` command',
    'Generated from the command table in `packages/cli`; `npm test` compares them.',
    `Call it as \`${INVOCATION} <command>\` from the project's folder. Every command has \`--help\`, and \`--json\`: results as JSON on stdout, errors as \`{"error": {"code", "message"}}\` on stderr.`,
    'Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused by role, rule or schema (nothing was changed).',
    ['| command | does |', '| --- | --- |', ...rows].join('\n'),
    ...commands.map(section),
  ].join('\n\n')}\n`;
}

function section({ name, args, options, description, examples }: Command): string {
  const argumentTerms = Object.entries(args).map(([arg, spec]) => argumentTerm(arg, spec));
  const rows = [
    ...Object.entries(args).map(([arg, spec]) => [argumentTerm(arg, spec), spec.description]),
    ...Object.entries(options).map(([option, spec]) => [optionTerm(option, spec), spec.description]),
  ].map(([term = '', words = '']) => `| \`${cell(term)}\` | ${cell(words)} |`);
  return [
    `## ${name}`,
    `\`${[name, ...argumentTerms].join(' ')}${Object.keys(options).length > 0 ? ' [options]' : ''}\``,
    description,
    ...(rows.length > 0 ? [['| argument, option | is |', '| --- | --- |', ...rows].join('\n')] : []),
    ...examples.map(({ command, does }) => `${does}\n\n    ${INVOCATION} ${command}`),
  ].join('\n\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
