import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { WEFT_DIRECTORY } from '@weft/testing';
import { commands } from '../src/commands/table.ts';
import { runProgram } from '../src/program.ts';

const MAIN = resolve(import.meta.dirname, '../src/main.ts');

export interface Run {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real command as a process of its own, with nothing of this process's environment but the path and where compiled code is kept. */
export async function runWeft(args: readonly string[], environment: Record<string, string>): Promise<Run> {
  const child = spawnWeft(args, environment);
  const [out, err] = [collect(child.stdout), collect(child.stderr)];
  await once(child, 'close');
  return { exit: child.exitCode, stdout: out(), stderr: err() };
}

/** Runs the command in this process, where what it does is asked and not how its process ends: loading takes most of its time. */
export async function callWeft(args: readonly string[], environment: Record<string, string>): Promise<Run> {
  const out: string[] = [];
  const err: string[] = [];
  const exit = await runProgram(commands, args, {
    environment,
    directory: environment.INIT_CWD ?? process.cwd(),
    weftDirectory: environment.WEFT_DIRECTORY ?? WEFT_DIRECTORY,
    signal: new AbortController().signal,
    stdout: (chunk) => out.push(chunk),
    stderr: (chunk) => err.push(chunk),
  });
  return { exit, stdout: out.join(''), stderr: err.join('') };
}

/** A command that runs until it is told to stop: its lines of JSON, one by one. */
export interface Watching {
  /** The next line that fits; those before it are dropped. */
  next(fits: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  /** Stops reading its output. */
  closePipe(): void;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Run>;
}

export function watchWeft(args: readonly string[], environment: Record<string, string>): Watching {
  const child = spawnWeft(args, environment);
  const err = collect(child.stderr);
  const { stdout } = child;
  if (stdout === null) throw new TypeError('the command has no stdout');
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  return {
    async next(fits) {
      for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
        const parsed: Record<string, unknown> = JSON.parse(line.value);
        if (fits(parsed)) return parsed;
      }
      throw new Error(`The command ended before such a line came: ${err()}`);
    },
    closePipe: () => stdout.destroy(),
    kill: (signal) => void child.kill(signal),
    ended: once(child, 'exit').then(() => ({ exit: child.exitCode, stdout: '', stderr: err() })),
  };
}

function spawnWeft(args: readonly string[], environment: Record<string, string>): ChildProcess {
  const { PATH, NODE_COMPILE_CACHE = '' } = process.env;
  return spawn(process.execPath, [MAIN, ...args], {
    env: { PATH, NODE_COMPILE_CACHE, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: string[] = [];
  stream?.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  return () => chunks.join('');
}
