import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { StackError } from './stack-error.ts';

const run = promisify(execFile);

const MIN_PYTHON_MINOR = 10;
const PROBE_TIMEOUT_MS = 10_000;
const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'] as const;
const PROBE =
  'import sys, venv, ensurepip, sqlite3, fcntl; print(sys.executable); print("%d.%d" % sys.version_info[:2])';

export interface Python {
  readonly file: string;
  /** `3.11` */
  readonly version: string;
}

/**
 * The first Python on the path that can make a virtual environment.
 * @throws StackError `no-python` when there is none.
 */
export async function findPython(env: NodeJS.ProcessEnv = process.env): Promise<Python> {
  const found: string[] = [];
  for (const candidate of CANDIDATES) {
    const outcome = await probe(candidate, env);
    if (outcome === null) continue;
    if (typeof outcome !== 'string') return outcome;
    found.push(outcome);
  }
  throw new StackError('no-python', {
    what: `The local homeserver needs Python 3.10 or newer with its venv module (found ${found.length === 0 ? 'none' : found.join(', ')}):`,
    hint:
      'install it (Debian and Ubuntu: apt install python3-venv; macOS: brew install python), ' +
      'or pass --homeserver URL to use a Matrix homeserver that already runs.',
  });
}

/** The Python, null when there is none of that name, or why the one there cannot be used. */
async function probe(candidate: string, env: NodeJS.ProcessEnv): Promise<Python | string | null> {
  try {
    const { stdout } = await run(candidate, ['-c', PROBE], { env, timeout: PROBE_TIMEOUT_MS });
    const [file, version] = stdout.trim().split('\n');
    if (file === undefined || version === undefined) return `${candidate} gave no answer`;
    return isNewEnough(version) ? { file, version } : `${candidate} is ${version}`;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    const missing = /No module named '(\w+)'/.exec(String(error))?.[1];
    return missing === undefined ? `${candidate} does not run` : `${candidate} lacks the module ${missing}`;
  }
}

export function isNewEnough(version: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  return major === 3 && minor !== undefined && minor >= MIN_PYTHON_MINOR;
}
