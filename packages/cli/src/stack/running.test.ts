import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processStart } from './process-identity.ts';
import { claimRunning, readRunning, releaseRunning, updateRunning } from './running.ts';

/** Above the greatest process id that Linux and macOS give out. */
const NO_PROCESS = 2 ** 30;

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-running-'));
  file = join(folder, 'running.json');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const left = (pid: number, start: string) =>
  writeFile(file, JSON.stringify({ pid, start, homeserver: 'http://127.0.0.1:1', links: {} }));

describe('who runs an instance', () => {
  it('is told to whoever comes second, with where it is', async () => {
    await claimRunning(file);
    await updateRunning(file, {
      homeserver: 'http://127.0.0.1:41000',
      links: { builder: 'http://127.0.0.1:5000/builder' },
    });
    const second = claimRunning(file);
    await expect(second).rejects.toMatchObject({ code: 'already-running' });
    await expect(second).rejects.toThrow(
      `by process ${process.pid} at http://127.0.0.1:41000. Open http://127.0.0.1:5000/builder.`,
    );
  });

  it('is nobody once it was given back', async () => {
    await claimRunning(file);
    await releaseRunning(file);
    expect(await readRunning(file)).toBeNull();
    await claimRunning(file);
  });

  it('is nobody when the process is gone', async () => {
    await left(NO_PROCESS, '1');
    expect(await readRunning(file)).toBeNull();
    await claimRunning(file);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it('is nobody when another process has been given the same id since', async () => {
    await left(process.pid, 'another time');
    expect(await readRunning(file)).toBeNull();
  });

  it.each(['', '{', '{"pid":"1"}', '[]'])('is nobody when the file says %j', async (text) => {
    await writeFile(file, text);
    expect(await readRunning(file)).toBeNull();
    await claimRunning(file);
  });

  it('is written where only the owner reads it', async () => {
    await claimRunning(file);
    expect((await stat(file)).mode & 0o077).toBe(0);
  });

  it('is not mistaken for somebody when the folder cannot be written', async () => {
    await expect(claimRunning(join(folder, 'absent', 'running.json'))).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
});

describe('the start of a process', () => {
  it('is the same each time for one that lives, and none for one that does not', async () => {
    expect(await processStart(process.pid)).toBe(await processStart(process.pid));
    expect(await processStart(process.pid)).not.toBeNull();
    expect(await processStart(NO_PROCESS)).toBeNull();
  });
});
