import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { installSynapse } from './install-synapse.ts';
import { installPaths } from './paths.ts';
import type { Progress } from './progress.ts';

let directory: string;
let progress: Progress[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weft-install-'));
  progress = [];
  const bin = join(directory, 'bin');
  await mkdir(bin);
  await symlink('/bin/sh', join(bin, 'sh'));
  vi.stubEnv('PATH', `${bin}:/usr/bin:/bin`);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true, force: true });
});

/**
 * Puts a Python in front of all others that passes the probe and, in place of running install.py, runs this shell
 * script with $1 = lock, $2 = venv, $3 = marker, $4 = requirement.
 */
async function fakePython(script: string): Promise<void> {
  const file = join(directory, 'bin', 'python3');
  const text = `#!/bin/sh\nif [ "$1" = -c ]; then echo "$0"; echo 3.12; exit 0; fi\nshift 2\n${script}\n`;
  await writeFile(file, text);
  await chmod(file, 0o755);
}

/** What a whole installation leaves: a Python that finds Synapse, and the marker. */
const INSTALL =
  'mkdir -p "$2/bin"; printf "#!/bin/sh\\nexit 0\\n" > "$2/bin/python"; chmod +x "$2/bin/python"; echo "$4" > "$3"';

const install = (signal?: AbortSignal) =>
  installSynapse({ directory, onProgress: (step) => progress.push(step), signal });

describe('installing Synapse', () => {
  it('shows how far it is, and ends with a Python that has it', async () => {
    await fakePython(
      `echo "weft: creating the virtual environment"; echo "Collecting twisted>=1"; ${INSTALL}`,
    );
    expect(await install()).toBe(installPaths(directory).python);
    const messages = progress.map(({ message }) => message);
    expect(messages).toContain('fetching twisted');
    expect(progress.at(-1)).toMatchObject({ message: 'Synapse is installed', fraction: 1 });
  });

  it('does nothing the second time', async () => {
    await fakePython(INSTALL);
    await install();
    progress = [];
    await fakePython('exit 9');
    await install();
    expect(progress).toEqual([]);
  });

  it('takes an environment without its marker for half made', async () => {
    await mkdir(join(installPaths(directory).venv, 'bin'), { recursive: true });
    await fakePython(INSTALL);
    await install();
    expect(existsSync(installPaths(directory).marker)).toBe(true);
  });

  it('installs again when the installed one no longer runs', async () => {
    await fakePython(INSTALL);
    await install();
    await rm(installPaths(directory).python);
    await install();
    expect(progress.map(({ message }) => message)).toContain(
      'the installed Synapse no longer runs; installing it again',
    );
    expect(existsSync(installPaths(directory).python)).toBe(true);
  });

  it('shows the last words of pip when it fails, and what to do', async () => {
    await fakePython('echo "ERROR: No matching distribution found"; exit 1');
    const failed = install();
    await expect(failed).rejects.toMatchObject({ name: 'StackError', code: 'install-failed' });
    await expect(failed).rejects.toThrow(
      /No matching distribution[\s\S]*Check the network[\s\S]*--homeserver URL/,
    );
  });

  it('does not take a pip that left no marker for a success', async () => {
    await fakePython('exit 0');
    await expect(install()).rejects.toMatchObject({ code: 'install-failed' });
  });

  it('can be interrupted', async () => {
    await fakePython('echo "Collecting twisted"; exec sleep 60');
    const interrupt = new AbortController();
    const interrupted = installSynapse({
      directory,
      signal: interrupt.signal,
      onProgress: ({ message }) => message === 'fetching twisted' && interrupt.abort(),
    });
    await expect(interrupted).rejects.toMatchObject({ code: 'aborted' });
  });
});
