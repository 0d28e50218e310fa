import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DirectoryPlace } from './directory-place.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weft-erased-'));
});

afterEach(() => rm(directory, { recursive: true }));

async function onDisk(): Promise<string> {
  const files = await readdir(directory);
  return (await Promise.all(files.map((file) => readFile(join(directory, file), 'latin1')))).join();
}

describe('a store of SQLite', () => {
  it('[I13] leaves no byte of what it was told to erase in any of its files', async () => {
    const store = await new DirectoryPlace(directory).open('w');
    const secret = new TextEncoder().encode('SECRET '.repeat(3000));
    await store.write({
      put: new Map([
        ['large', secret],
        ['small', secret.slice(0, 100)],
      ]),
    });
    await store.write({ put: new Map([['other', Uint8Array.of(1)]]) });
    expect(await onDisk()).toMatch(/SECRET/);
    await store.write({ put: new Map([['small', Uint8Array.of(1)]]), remove: ['large'], erase: true });
    expect(await onDisk()).not.toMatch(/SECRET/);
    expect(await store.keys('')).toEqual(['other', 'small']);
    await store.close();
  });
});
