import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RecordStore } from '../record-store.ts';
import { busyStore, StoreError } from '../store-error.ts';
import type { StorePlace, WorldStore } from '../world-store.ts';
import { SqliteMedium, type SqliteOptions } from './sqlite-medium.ts';

const FILE_OF_NAME = /^[A-Za-z0-9_-]{1,100}$/;
/** The file itself first: without it the others mean nothing. */
const ENDINGS = ['', '-wal', '-shm'] as const;
const MAX_ASIDE = 1000;

/** A directory with one SQLite file a world, for the eyes of its owner only. It is made where it is not there. */
export class DirectoryPlace implements StorePlace {
  readonly #directory: string;
  readonly #options: SqliteOptions;

  constructor(directory: string, options: SqliteOptions = {}) {
    this.#directory = directory;
    this.#options = options;
  }

  async open(name: string): Promise<WorldStore> {
    const path = this.#fileOf(name);
    await this.#make();
    return new RecordStore(new SqliteMedium(path, this.#options), () => createHash('sha256'));
  }

  async setAside(name: string): Promise<string> {
    const path = this.#fileOf(name);
    await refuseIfOpen(path);
    for (let at = 1; at <= MAX_ASIDE; at += 1) {
      const aside = `${path}.aside-${at}`;
      if (existsSync(aside)) continue;
      await this.#attempt(`set aside ${path}`, async () => {
        for (const ending of ENDINGS)
          if (existsSync(path + ending)) await rename(path + ending, aside + ending);
      });
      return aside;
    }
    throw new StoreError('failed', {
      what: `set aside ${path}`,
      expected: `fewer than ${MAX_ASIDE} files that were set aside before`,
      got: 'no free name',
      hint: 'Look at them and delete what you do not need.',
    });
  }

  async recall(note: string): Promise<string | null> {
    return readFile(this.#noteOf(note), 'utf8').catch(() => null);
  }

  async remember(note: string, text: string): Promise<void> {
    const path = this.#noteOf(note);
    await this.#make();
    await this.#attempt(`write ${path}`, async () => {
      // Renamed when it is whole: another process may read it at any moment.
      const draft = `${path}.${process.pid}`;
      const file = await open(draft, 'w', 0o600);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, path).catch(async (error: unknown) => {
        await rm(draft, { force: true });
        throw error;
      });
    });
  }

  async #make(): Promise<void> {
    await this.#attempt(`make the directory ${this.#directory}`, () =>
      mkdir(this.#directory, { recursive: true, mode: 0o700 }),
    );
  }

  #fileOf(name: string): string {
    return join(this.#directory, `${checked(name)}.sqlite`);
  }

  #noteOf(note: string): string {
    return join(this.#directory, `${checked(note)}.note`);
  }

  async #attempt(what: string, run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      throw fileError(what, error);
    }
  }
}

/** A file that cannot be opened for another reason is just what has to go. */
async function refuseIfOpen(path: string): Promise<void> {
  if (!existsSync(path)) return;
  try {
    await new SqliteMedium(path).close();
  } catch (error) {
    if (error instanceof StoreError && error.code === 'busy') throw error;
  }
}

const FULL: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT']);
const REFUSED: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EISDIR']);

function fileError(what: string, error: unknown): StoreError {
  const errno: unknown = error instanceof Error ? Reflect.get(error, 'code') : null;
  const got = error instanceof Error ? error.message : String(error);
  if (errno === 'EBUSY') return busyStore(what, error);
  const code = FULL.has(errno) ? 'full' : REFUSED.has(errno) ? 'unavailable' : 'failed';
  return new StoreError(code, { what, expected: 'a directory that can be written', got, cause: error });
}

function checked(name: string): string {
  if (FILE_OF_NAME.test(name)) return name;
  throw new StoreError('bad-key', {
    what: 'name a store',
    expected: '1 to 100 of A-Z a-z 0-9 _ -',
    got: JSON.stringify(name),
  });
}
