import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAILURE_CASES, type FailureId } from './failure-cases.ts';
import { failuresPage } from './failures-page.ts';
import { FAILURES_VARIABLE } from './try-failure.ts';

const ROOT = join(import.meta.dirname, '../../../../..');
const SUITES = [
  'packages/world/test/asset-failures.synapse.test.ts',
  'packages/world/test/ipfs-failures.synapse.test.ts',
  'packages/assets/test/model-failures.test.ts',
];

const directory = mkdtempSync(join(tmpdir(), 'weft-assets-'));
try {
  const { status } = spawnSync(
    process.execPath,
    [
      join(ROOT, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--project',
      'synapse',
      '--project',
      'unit',
      ...SUITES,
    ],
    { cwd: ROOT, stdio: 'inherit', env: { ...process.env, [FAILURES_VARIABLE]: directory } },
  );
  if (status === 0) {
    writeFileSync(join(ROOT, 'docs/assets.md'), failuresPage(resultsIn(directory)));
    console.log(`${FAILURE_CASES.length} failures written to docs/assets.md`);
  }
  process.exitCode = status ?? 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function resultsIn(folder: string): ReadonlyMap<FailureId, string> {
  return new Map(
    FAILURE_CASES.map(({ id }) => {
      const { result }: { result: string } = JSON.parse(readFileSync(join(folder, `${id}.json`), 'utf8'));
      return [id, result];
    }),
  );
}
