import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../command/long-command.ts';
import { parseOptions } from '../command/usage.ts';
import { keptResults } from './results.ts';
import { type TriedPage, type TriedResults, writtenPage } from './tried-page.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const STDERR = 2;

/** What tries the cases of a page. */
export interface TriedSuites {
  /** Files below the root; not the test of the page, which is not written yet. */
  readonly suites: readonly string[];
  /** Of vitest. */
  readonly flags: readonly string[];
}

const OPTIONS = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;

/**
 * The command that runs the suites of a page, and writes it if all of them pass. The exit code of the process says whether they did.
 *
 * @param name as it is called after `npm run`
 */
export function writePage(
  page: TriedPage<string>,
  { name, help, ...tried }: TriedSuites & { readonly name: string; readonly help: string },
): Promise<void> {
  return runCommand(name, help, async (args) => {
    const { json = false, help: asksHelp = false } = parseOptions(args, OPTIONS);
    if (asksHelp) {
      console.log(help);
      return 0;
    }
    const results = tryCases(page, tried, json);
    if (results === null) return 1;
    writeFileSync(join(ROOT, page.file), writtenPage(page, results));
    if (json) console.log(JSON.stringify({ page: page.file, results: Object.fromEntries(results) }));
    else console.log(`${page.cases.length} cases written to ${page.file}`);
    return 0;
  });
}

/** @returns `null` where a suite failed */
function tryCases<Id extends string>(
  page: TriedPage<Id>,
  { suites, flags }: TriedSuites,
  json: boolean,
): TriedResults<Id> | null {
  const folder = mkdtempSync(join(tmpdir(), 'weft-tried-'));
  try {
    const { status } = spawnSync(
      process.execPath,
      [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...flags, ...suites],
      {
        cwd: ROOT,
        // What vitest says must not mix with what this command prints for machines.
        stdio: ['inherit', json ? STDERR : 'inherit', 'inherit'],
        env: { ...process.env, [page.resultsVariable]: folder },
      },
    );
    return status === 0 ? keptResults(page, folder) : null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
