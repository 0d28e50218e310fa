import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Figure, isReport, JOB_VARIABLE } from '../record/process-report.ts';
import type { WorkloadContext } from '../workload.ts';

const run = promisify(execFile);
const TIMEOUT_MS = 120_000;

/**
 * What a fresh process of this module printed, with collections at its command. The job travels in the environment:
 * arguments can be seen by every user of the machine, and it may hold a token.
 */
export async function reportOf(
  module: URL,
  job: object,
  { root, signal }: Pick<WorkloadContext, 'root' | 'signal'>,
): Promise<readonly Figure[]> {
  const path = fileURLToPath(module);
  const args = ['--expose-gc', '--disable-warning=ExperimentalWarning', path];
  const env = { ...process.env, [JOB_VARIABLE]: JSON.stringify(job) };
  try {
    const { stdout } = await run(process.execPath, args, { cwd: root, env, timeout: TIMEOUT_MS, signal });
    const report: unknown = JSON.parse(stdout);
    if (!isReport(report)) throw new TypeError(`${path}: the process printed no report`);
    return report.figures;
  } catch (error) {
    if (!(error instanceof Error && 'stderr' in error)) throw error;
    throw new Error(`${path}: the process failed: ${String(error.stderr).trim() || error.message}`);
  }
}
