import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT_LOCKED, findPython, type GuardedProcess, startGuardedProgram } from '../src/stack/index.ts';

const KEEP_PROGRAM = resolve(import.meta.dirname, 'keep-program.ts');
const DEADLINE_MS = 15_000;

let folder: string;
let python: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-'));
  python = (await findPython()).file;
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function start(script: string, options: { lock?: string; unless?: string } = {}): Promise<GuardedProcess> {
  return startGuardedProgram({
    python,
    lock: join(folder, options.lock ?? 'lock'),
    lockWaitS: 0,
    ...(options.unless === undefined ? {} : { unless: options.unless }),
    file: 'sh',
    args: ['-c', script],
    env: process.env,
    output: 'pipe',
  });
}

async function text(process: GuardedProcess): Promise<string> {
  let all = '';
  for await (const part of process.output ?? []) all += String(part);
  return all;
}

async function eventually(isSo: () => boolean): Promise<void> {
  const endMs = performance.now() + DEADLINE_MS;
  while (!isSo() && performance.now() < endMs) await delay(50);
  expect(isSo()).toBe(true);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a guarded program', () => {
  it('runs under the pid that is known, and tells how it ended', async () => {
    const program = await start('echo $$; exit 3');
    expect(Number(await text(program))).toBe(program.pid);
    expect(await program.exited).toEqual({ code: 3, signal: null });
  });

  it('is read on both outputs, however much it says', async () => {
    const lines = 20_000;
    const program = await start(
      `i=0; while [ $i -lt ${lines} ]; do echo line; echo line >&2; i=$((i+1)); done`,
    );
    expect((await text(program)).match(/line/g)).toHaveLength(2 * lines);
    expect((await program.exited).code).toBe(0);
  });

  it('holds its lock as long as it lives, and no longer', async () => {
    const first = await start('echo held; sleep 60');
    if (first.output !== null) await once(first.output, 'data');
    const second = await start('true');
    expect((await second.exited).code).toBe(EXIT_LOCKED);
    await first.kill();
    const third = await start('true');
    expect((await third.exited).code).toBe(0);
  });

  it('has nothing to do where the file that it was to make is there', async () => {
    const file = join(folder, 'made');
    await writeFile(file, '');
    const program = await start('echo again', { unless: file });
    expect(await text(program)).toBe('');
    expect((await program.exited).code).toBe(0);
  });

  it('ends with what it started when its parent is killed', async () => {
    const parent = spawn(process.execPath, [KEEP_PROGRAM, python, join(folder, 'lock')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pids: number[] = [];
    for await (const line of createInterface({ input: parent.stdout }))
      if (pids.push(Number(line)) === 2) break;
    expect(pids.map(isAlive)).toEqual([true, true]);
    parent.kill('SIGKILL');
    await eventually(() => !pids.some(isAlive));
  });
});
