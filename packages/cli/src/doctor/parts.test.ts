import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFreePort } from '../stack/ports.ts';
import { checkFolder, checkHomeserver, checkNode, checkPython, checkStack, checkSynapse } from './parts.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weft-doctor-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

describe('doctor', () => {
  it.each([
    ['23.11.0', 'missing'],
    ['24.0.0', 'ok'],
    ['26.1.0', 'ok'],
  ])('finds Node %s %s', (version, state) => {
    expect(checkNode(version).state).toBe(state);
  });

  it('tells a Synapse that is not installed from one that is half installed and one that is whole', async () => {
    const venv = join(directory, 'synapse', '1.163.2');
    expect(checkSynapse(directory)).toMatchObject({ state: 'optional', detail: 'not installed yet' });
    await mkdir(venv, { recursive: true });
    expect(checkSynapse(directory)).toMatchObject({ state: 'optional', detail: 'half installed' });
    await writeFile(join(venv, 'complete'), '');
    expect(checkSynapse(directory)).toMatchObject({ state: 'ok', hint: '' });
  });

  it('says what to do about a folder that cannot be made', async () => {
    await writeFile(join(directory, 'file'), '');
    const finding = await checkFolder(join(directory, 'file', 'weft'));
    expect(finding).toMatchObject({ state: 'missing', detail: expect.stringContaining('cannot be written') });
    expect(await checkFolder(join(directory, 'weft'))).toMatchObject({ state: 'ok' });
  });

  it('names the programs to install when there is no Python', async () => {
    const finding = await checkPython({ PATH: directory });
    expect(finding).toMatchObject({ state: 'missing', hint: expect.stringContaining('python3-venv') });
  });

  it('finds that nothing runs, which is no fault', async () => {
    expect(await checkStack(directory)).toMatchObject({ state: 'optional', detail: 'not running' });
  });

  it('finds that nobody answers at an address', async () => {
    const url = `http://127.0.0.1:${await findFreePort()}`;
    expect(await checkHomeserver(url)).toMatchObject({ state: 'missing', detail: `${url} does not answer` });
  });
});
