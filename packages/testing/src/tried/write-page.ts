import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keptResults } from './results.ts';
import { type TriedPage, writtenPage } from './tried-page.ts';

const ROOT = join(import.meta.dirname, '../../../..');

/**
 * Runs the suites that try a page's cases, and writes the page if all of them pass. The exit code of the process says whether they did.
 *
 * @param suites files below the root; not the test of the page, which is not written yet
 * @param flags of vitest
 */
export function writePage(
  page: TriedPage<string>,
  { suites, flags }: { readonly suites: readonly string[]; readonly flags: readonly string[] },
): void {
  const folder = mkdtempSync(join(tmpdir(), 'weft-tried-'));
  try {
    const { status } = spawnSync(
      process.execPath,
      [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...flags, ...suites],
      { cwd: ROOT, stdio: 'inherit', env: { ...process.env, [page.resultsVariable]: folder } },
    );
    if (status === 0) {
      writeFileSync(join(ROOT, page.file), writtenPage(page, keptResults(page, folder)));
      console.log(`${page.cases.length} cases written to ${page.file}`);
    }
    process.exitCode = status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
