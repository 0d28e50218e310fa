import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RESULTS_VARIABLE } from './attack.ts';
import { ATTACK_CASES, type AttackId } from './attack-cases.ts';
import { attacksPage } from './attacks-page.ts';

const ROOT = join(import.meta.dirname, '../../../..');
// Not the test of the page, which is not written yet.
const SUITE = ['connections', 'bytes', 'tickets', 'inside', 'motion'].map(
  (name) => `packages/relay/test/attacks/${name}.test.ts`,
);
/** Attacks at once would be in each other's figures. */
const ONE_BY_ONE = '--no-file-parallelism';

const directory = mkdtempSync(join(tmpdir(), 'weft-attacks-'));
try {
  const { status } = spawnSync(
    process.execPath,
    [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'unit', ...SUITE, ONE_BY_ONE],
    { cwd: ROOT, stdio: 'inherit', env: { ...process.env, [RESULTS_VARIABLE]: directory } },
  );
  if (status === 0) {
    writeFileSync(join(ROOT, 'docs/attacks.md'), attacksPage(resultsIn(directory)));
    console.log(`${ATTACK_CASES.length} attacks written to docs/attacks.md`);
  }
  process.exitCode = status ?? 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function resultsIn(folder: string): ReadonlyMap<AttackId, string> {
  return new Map(
    ATTACK_CASES.map(({ id }) => {
      const { result }: { result: string } = JSON.parse(readFileSync(join(folder, `${id}.json`), 'utf8'));
      return [id, result];
    }),
  );
}
