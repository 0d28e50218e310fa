import { parseArgs } from 'node:util';
import { UsageError, type Workload } from './workload.ts';

export const DEFAULT_SEED = '1';

export interface BenchCommand {
  readonly workload: Workload | null;
  readonly options: Readonly<Record<string, string>>;
  readonly seed: string;
  readonly json: boolean;
  readonly help: boolean;
}

/** @throws UsageError */
export function readCommandLine(args: readonly string[], workloads: readonly Workload[]): BenchCommand {
  const workload = workloads.find(({ name }) => args.includes(name)) ?? null;
  const { values, positionals } = parse(args, workload);
  const [stranger] = positionals.filter((text) => text !== workload?.name);
  if (stranger !== undefined) {
    throw new UsageError(
      `There is no workload "${stranger}": ${workloads.map(({ name }) => name).join(', ')}.`,
    );
  }
  const options: Record<string, string> = {};
  for (const option of workload?.options ?? []) {
    const value: unknown = Reflect.get(values, option.name);
    options[option.name] = typeof value === 'string' ? value : option.default;
  }
  const seed = typeof values.seed === 'string' ? values.seed : DEFAULT_SEED;
  return { workload, options, seed, json: values.json === true, help: values.help === true };
}

/** The command that makes the run again, defaults spelt out. */
export function commandOf({ workload, options, seed }: BenchCommand): string {
  const spelt = Object.entries(options).map(([name, value]) => `--${name} ${value}`);
  return ['npm run bench --', workload?.name ?? '', ...spelt, `--seed ${seed}`].join(' ');
}

export function helpText(workloads: readonly Workload[]): string {
  const list = workloads.map(({ name, summary }) => `  ${name.padEnd(11)} ${summary}`);
  return `npm run bench -- WORKLOAD [options]

Measures Weft on this machine, where needed on a homeserver that it starts itself, beside a floor: the least that the same
task costs without Weft. Every run is recorded with commit, seed, machine and samples in bench/results/.

Workloads
${list.join('\n')}

Options of every workload
  --seed TEXT   what the workload is generated from (default ${DEFAULT_SEED}); equal seeds give equal workloads
  --json        one JSON object on standard output instead of the table
  --help        after a workload: its own options and how it measures

Ends with 0, with 1 where a measurement failed, with 2 where this text was not followed.`;
}

export function workloadHelp({ name, summary, options, method }: Workload): string {
  const width = Math.max(...options.map((option) => option.name.length + option.value.length)) + 1;
  const list = options.map(
    (option) =>
      `  --${`${option.name} ${option.value}`.padEnd(width)}  ${option.help} (default ${option.default})`,
  );
  return `npm run bench -- ${name} [options]

${summary}

${list.join('\n')}

How it measures
${method.map((line) => `  - ${line}`).join('\n')}`;
}

function parse(args: readonly string[], workload: Workload | null) {
  const own = (workload?.options ?? []).map(({ name }) => [name, { type: 'string' }] as const);
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...Object.fromEntries(own),
        seed: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
