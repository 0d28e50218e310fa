import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Which code a figure was measured on. */
export interface Provenance {
  /** The full hash; `unknown` outside a repository. */
  readonly commit: string;
  /** Something in the working tree differs from the commit, results of earlier runs aside. */
  readonly dirty: boolean;
  readonly lockfileSha256: string;
}

export async function describeProvenance(root: string): Promise<Provenance> {
  const lockfile = await readFile(join(root, 'package-lock.json'));
  const commit = await git(root, ['rev-parse', 'HEAD']);
  const status = await git(root, ['status', '--porcelain', '--', '.', ':!bench/results']);
  return {
    commit: commit ?? 'unknown',
    dirty: status !== '',
    lockfileSha256: createHash('sha256').update(lockfile).digest('hex'),
  };
}

async function git(root: string, args: readonly string[]): Promise<string | null> {
  return run('git', [...args], { cwd: root }).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
}
