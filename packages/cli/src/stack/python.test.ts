import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPython, isNewEnough } from './python.ts';

let path: string;

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'weft-python-'));
});

afterEach(() => rm(path, { recursive: true, force: true }));

/** Puts a program of this name on a path that holds nothing else. */
async function program(name: string, script: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await writeFile(join(path, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(path, name), 0o755);
}

describe('finding Python', () => {
  it('says in one sentence what to install and what does without, when there is none', async () => {
    const message = await findPython({ PATH: path }).catch((error: Error) => error.message);
    expect(message).toBe(
      'The local homeserver needs Python 3.10 or newer with its venv module (found none): install it ' +
        '(Debian and Ubuntu: apt install python3-venv; macOS: brew install python), or pass --homeserver URL to use ' +
        'a Matrix homeserver that already runs.',
    );
  });

  it('passes over one that is too old, and takes the next', async () => {
    await program('python3', 'echo /old; echo 3.9');
    await program('python3.12', 'echo /new; echo 3.12');
    expect(await findPython({ PATH: path })).toEqual({ file: '/new', version: '3.12' });
  });

  it('names what it found and why it does not do', async () => {
    await program('python3', 'echo /old; echo 3.9');
    await program('python3.11', 'echo "ModuleNotFoundError: No module named \'ensurepip\'" >&2; exit 1');
    await program('python', 'exit 3');
    await expect(findPython({ PATH: path })).rejects.toMatchObject({
      code: 'no-python',
      message: expect.stringContaining(
        '(found python3 is 3.9, python3.11 lacks the module ensurepip, python does not run)',
      ),
    });
  });

  it.each([
    ['3.9', false],
    ['3.10', true],
    ['3.14', true],
    ['2.7', false],
    ['4.0', false],
    ['', false],
  ])('takes %s: %s', (version, taken) => {
    expect(isNewEnough(version)).toBe(taken);
  });
});
