import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Result } from './result.ts';

const SHORT_COMMIT_CHARACTERS = 10;
const MAX_RUNS_A_COMMIT = 1000;

/**
 * Writes `bench/results/<date>-<commit>/<workload>.json`; a later run of the same day and commit stands beside the
 * earlier one as `<workload>-2.json`. Answers the path, relative to the repository.
 *
 * @param beside further files of the same name, by their extension
 */
export async function writeResult(
  root: string,
  result: Result,
  beside: Readonly<Record<string, string>> = {},
): Promise<string> {
  const date = result.startedAt.slice(0, 'YYYY-MM-DD'.length);
  const { commit } = result.provenance;
  const folder = join(root, 'bench', 'results', `${date}-${commit.slice(0, SHORT_COMMIT_CHARACTERS)}`);
  await mkdir(folder, { recursive: true });
  const text = `${JSON.stringify(result, null, 2)}\n`;
  for (let run = 1; run <= MAX_RUNS_A_COMMIT; run += 1) {
    const name = `${result.workload}${run === 1 ? '' : `-${run}`}`;
    const path = join(folder, `${name}.json`);
    try {
      await writeFile(path, text, { flag: 'wx' });
      for (const [extension, more] of Object.entries(beside))
        await writeFile(join(folder, `${name}.${extension}`), more);
      return relative(root, path);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
  throw new RangeError(`${folder} already holds ${MAX_RUNS_A_COMMIT} runs`);
}
