import { CitedRun } from './cited-run.ts';
import { ROWS } from './rows.ts';

/** Which run of each workload the pages show: workload to path below the folder of results. */
export const CITED = 'bench/results/cited.json';
const RESULTS = 'bench/results/';

/** @throws Error where a cited run is not there, or cannot be made again */
export function citedRuns(read: (path: string) => string | undefined): CitedRun[] {
  const cited: unknown = JSON.parse(read(CITED) ?? '{}');
  if (typeof cited !== 'object' || cited === null) throw new Error(`${CITED}: expected workloads and paths`);
  return Object.entries(cited).map(([workload, path]) => {
    if (ROWS[workload] === undefined) throw new Error(`${CITED}: the page has no rows for "${workload}"`);
    const full = `${RESULTS}${path}`;
    const text = read(full);
    if (text === undefined) throw new Error(`${CITED}: ${full} is not there`);
    return new CitedRun(full, text);
  });
}
