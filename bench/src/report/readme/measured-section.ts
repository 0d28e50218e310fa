import type { CitedRun } from './cited-run.ts';
import { citedRuns } from './cited-runs.ts';
import { withFiguresPart } from './figures-part.ts';
import { lossSentences } from './losses.ts';
import { ROWS } from './rows.ts';

export const PAGE = 'README.md';

/**
 * The page with its figures as the cited runs have them: no figure is typed.
 *
 * @param read a file of the repository
 * @throws Error where a cited run is not there, cannot be made again, or lacks a figure
 */
export function withFigures(page: string, read: (path: string) => string | undefined): string {
  const runs = citedRuns(read);
  return withFiguresPart(page, PAGE, section(runs, picturesOf(runs, read)));
}

function section(runs: readonly CitedRun[], pictures: readonly string[]): string {
  const dates = [...new Set(runs.map(({ result }) => result.startedAt.slice(0, 'YYYY-MM-DD'.length)))];
  const [first] = runs;
  const machine = first?.result.machine;
  const rows = runs.flatMap((run) =>
    (ROWS[run.result.workload]?.(run) ?? []).map(
      ({ what, weft, beside }) => `| ${what} | ${weft} | ${beside} | [run](${run.path}) |`,
    ),
  );
  return [
    `Measured on ${machine?.cores} cores of a shared virtual machine (${machine?.cpu}), ${dates.toSorted().join(', ')}. Medians, n repetitions in fresh processes; in brackets the 95 % interval of the median,`,
    'where there are five or more. Every figure is in the named run, with commit, seed, machine and samples; [bench](bench/README.md) says how to make it again.',
    '',
    '| what | Weft | beside it, in the same run | |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    ...pictures,
    `**Where Weft loses.** ${lossSentences(runs).join('\n')}`,
  ].join('\n');
}

/** What was drawn of a run, where something was. */
function picturesOf(runs: readonly CitedRun[], read: (path: string) => string | undefined): string[] {
  return runs.flatMap(({ path, result }) => {
    const picture = path.replace(/\.json$/, '.svg');
    const words =
      result.workload === 'poses' ? 'Age of a pose against the number of movers' : result.workload;
    return read(picture) === undefined ? [] : [`![${words}](${picture})`, ''];
  });
}
