import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { EXIT_LOCKED, startGuardedProgram } from '@weft/cli/stack';

export interface GoScript {
  /** What `sh` runs; `$1` is the folder. */
  readonly script: string;
  readonly folder: string;
  /** Where it exists, there is nothing to do. */
  readonly program: string;
  /** A Python of the machine. */
  readonly python: string;
  readonly signal: AbortSignal | undefined;
  readonly onLine: (line: string) => void;
}

const LOCK_WAIT_S = 1800;
const STOP_GRACE_MS = 5_000;
const MAX_TAIL_LINES = 15;

export interface GoScriptEnd {
  /** `locked`: another one was at it all the while. */
  readonly outcome: 'done' | 'failed' | 'locked';
  /** The last lines that it printed. */
  readonly tail: string;
}

/** Runs a script that calls Go in a folder, one at a time. */
export async function runGoScript(options: GoScript): Promise<GoScriptEnd> {
  const { script, folder, program, python, signal, onLine } = options;
  const child = await startGuardedProgram({
    python,
    lock: join(folder, 'lock'),
    lockWaitS: LOCK_WAIT_S,
    unless: program,
    file: 'sh',
    args: ['-c', script, 'go-script', folder],
    env: goEnv(folder),
    output: 'pipe',
  });
  const stop = () => void child.stop(STOP_GRACE_MS);
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  const tail: string[] = [];
  if (child.output !== null) {
    for await (const line of createInterface({ input: child.output })) {
      tail.push(line);
      if (tail.length > MAX_TAIL_LINES) tail.shift();
      onLine(line);
    }
  }
  const { code } = await child.exited;
  signal?.removeEventListener('abort', stop);
  const outcome = code === 0 ? 'done' : code === EXIT_LOCKED ? 'locked' : 'failed';
  return { outcome, tail: tail.join('\n') };
}

/** Go keeps the user's settings (proxies, mirrors) and writes only inside our folder. */
function goEnv(folder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    GOMODCACHE: join(folder, 'modules'),
    GOCACHE: join(folder, 'cache'),
    // What Go made must be removable like any other file.
    GOFLAGS: `${process.env.GOFLAGS ?? ''} -modcacherw`.trim(),
    GOTOOLCHAIN: 'local',
    GOWORK: 'off',
  };
}
