import { largestOf, systemsOf } from '../pose-figures.ts';
import { nameOfSystem } from '../system-names.ts';
import type { CitedRun } from './cited-run.ts';
import { citedRuns } from './cited-runs.ts';
import { withFiguresPart } from './figures-part.ts';
import { crowdRows } from './motion-rows.ts';

export const MOTION_PAGE = 'docs/people-and-motion.md';
/** From the page to the root of the repository. */
const ROOT = '../';

/**
 * The page on motion with what the cited runs say of it: the plot, who keeps up with how many, and what a thousand are told.
 *
 * @param read a file of the repository
 * @throws Error where a cited run is not there, cannot be made again, or lacks a figure
 */
export function withMotionFigures(page: string, read: (path: string) => string | undefined): string {
  const runs = citedRuns(read);
  const of = (workload: string): CitedRun | undefined =>
    runs.find(({ result }) => result.workload === workload);
  const [poses, crowd] = [of('poses'), of('crowd')];
  const lines = [
    `[The bench](${ROOT}bench/README.md) says how it is measured.`,
    ...(poses === undefined ? [] : linesOfPoses(poses, read)),
    ...(crowd === undefined ? [] : linesOfCrowd(crowd)),
  ];
  return withFiguresPart(page, MOTION_PAGE, lines.join('\n'));
}

function linesOfPoses({ path, result }: CitedRun, read: (path: string) => string | undefined): string[] {
  const picture = path.replace(/\.json$/, '.svg');
  return [
    '',
    ...(read(picture) === undefined
      ? []
      : [`![Age of a pose against the number of movers, for each system](${ROOT}${picture})`, '']),
    `| system | [keeps up with](${ROOT}${path}), movers |`,
    '| --- | --- |',
    ...systemsOf(result).map((system) => `| ${nameOfSystem(system)} | ${largestOf(result, system)} |`),
  ];
}

function linesOfCrowd(run: CitedRun): string[] {
  return [
    '',
    `| [what](${ROOT}${run.path}) | Weft |`,
    '| --- | --- |',
    ...crowdRows(run).map(({ what, weft }) => `| ${what} | ${weft} |`),
  ];
}
