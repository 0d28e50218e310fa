import { parseLine, UsageError } from '@weft/testing/command';
import type { Workload } from './workload.ts';

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
  const specs = Object.entries(workload?.options ?? {});
  const { values, positionals } = parseLine(args, {
    ...Object.fromEntries(specs.map(([name]) => [name, { type: 'string' }] as const)),
    seed: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  });
  const [stranger] = positionals.filter((text) => text !== workload?.name);
  if (stranger !== undefined) {
    throw new UsageError(
      `There is no workload "${stranger}": ${workloads.map(({ name }) => name).join(', ')}.`,
    );
  }
  const options: Record<string, string> = {};
  for (const [name, spec] of specs) {
    const value: unknown = Reflect.get(values, name);
    options[name] = typeof value === 'string' ? value : spec.default;
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
  const list = workloads.map(
    (workload) => `  ${workload.name.padEnd(11)} ${workload.summary}; ${durationText(workload.seconds({}))}`,
  );
  return `npm run bench -- WORKLOAD [options]

Measures Weft on this machine, where needed on a homeserver that it starts itself, beside a floor: the least that the same
task costs without Weft. Every run is recorded with commit, seed, machine and samples in bench/results/.

Workloads
${list.join('\n')}

Options of every workload
  --seed TEXT   what the workload is generated from (default ${DEFAULT_SEED}); equal seeds give equal workloads
  --json        one JSON object on standard output instead of the table
  --help        after a workload: its own options and how it measures

Ctrl-C stops after what is being measured, with the result so far, which says that it was interrupted.
Ends with 0, with 1 where a measurement failed or there is none, with 2 where this text was not followed.`;
}

export function workloadHelp({ name, summary, options, method, seconds }: Workload): string {
  const all = Object.entries(options);
  const width = Math.max(...all.map(([option, { value }]) => option.length + value.length)) + 1;
  const list = all.map(
    ([option, spec]) =>
      `  --${`${option} ${spec.value}`.padEnd(width)}  ${spec.help} (default ${spec.default})`,
  );
  return `npm run bench -- ${name} [options]

${summary}; ${durationText(seconds({}))} with the defaults, on two cores

${list.join('\n')}

How it measures
${method.map((line) => `  - ${line}`).join('\n')}`;
}

/** `about 12 min`, or seconds where it is less than two minutes. */
export function durationText(seconds: number): string {
  return seconds < 120 ? `about ${Math.ceil(seconds)} s` : `about ${Math.ceil(seconds / 60)} min`;
}
