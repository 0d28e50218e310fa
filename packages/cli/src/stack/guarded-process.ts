import { type ChildProcess, spawn } from 'node:child_process';
import { PassThrough, type Readable } from 'node:stream';

/** How what takes a lock first (`guard.py`) ends where another process holds it. */
export const EXIT_LOCKED = 75;

/** How a guarded process ended: an exit code, or the signal that ended it. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface GuardedProcess {
  readonly pid: number;
  /** Resolves once, when the process is gone; never rejects. */
  readonly exited: Promise<Exit>;
  /** Null when the output goes to a file. */
  readonly output: Readable | null;
  /** Asks the process to end, waits `graceMs`, then kills it. Resolves when it is gone. */
  stop(graceMs: number): Promise<void>;
  /** Ends the process by force, at once. Resolves when it is gone. */
  kill(): Promise<void>;
}

export interface GuardedCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** An open file descriptor that takes stdout and stderr, or `'pipe'` to read both as `output`. */
  readonly output: number | 'pipe';
  /** What the process watches: its stdin (the default), or the channel that Node opens between its own processes. */
  readonly lifeline?: 'stdin' | 'channel';
}

/**
 * Starts a process that watches its lifeline and ends when we do. It gets a process group of its own, so that Ctrl-C
 * in the terminal reaches only us and we can end things in order.
 */
export async function startGuarded(command: GuardedCommand): Promise<GuardedProcess> {
  const { output, lifeline = 'stdin' } = command;
  const child = spawn(command.file, command.args, {
    env: command.env,
    detached: true,
    stdio: lifeline === 'stdin' ? ['pipe', output, output] : ['ignore', output, output, 'ipc'],
  });
  child.channel?.unref();
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  child.stdin?.on('error', () => undefined);
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  return {
    pid: child.pid ?? 0,
    exited,
    output: joined(child.stdout, child.stderr),
    stop: (graceMs) => stop(child, exited, graceMs),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** What both say, as it comes: a pipe that nobody reads stops the process once it is full. */
function joined(...parts: readonly (Readable | null)[]): Readable | null {
  const streams = parts.filter((part) => part !== null);
  if (streams.length === 0) return null;
  const whole = new PassThrough();
  let open = streams.length;
  for (const stream of streams) {
    stream.pipe(whole, { end: false });
    stream.once('end', () => {
      open -= 1;
      if (open === 0) whole.end();
    });
  }
  return whole;
}

async function stop(child: ChildProcess, exited: Promise<Exit>, graceMs: number): Promise<void> {
  child.kill('SIGTERM');
  child.stdin?.destroy();
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await exited;
  clearTimeout(timer);
}
