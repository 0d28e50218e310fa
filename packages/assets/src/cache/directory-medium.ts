import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { CachedFile, CacheMedium } from './cache-medium.ts';

const NAME = /^[0-9a-f]{64}$/;
const DRAFT = /^\.[0-9a-f]{64}\./;
/** A draft that nobody finished within this time was left by a program that died. */
const DRAFT_MS = 60 * 60 * 1000;
const MS_PER_SECOND = 1000;

let drafts = 0;

/** A directory with a file for each hash, for the eyes of its owner only; made where it is not there. */
export class DirectoryMedium implements CacheMedium {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async get(sha256: string): Promise<Uint8Array | null> {
    try {
      const { buffer, byteOffset, length } = await readFile(this.#pathOf(sha256));
      // Node's own subclass stays in here.
      return new Uint8Array(buffer, byteOffset, length);
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
  }

  async put(sha256: string, bytes: Uint8Array, usedMs: number): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    drafts += 1;
    const draft = join(this.#directory, `.${sha256}.${process.pid}.${drafts}`);
    try {
      const file = await open(draft, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.utimes(usedMs / MS_PER_SECOND, usedMs / MS_PER_SECOND);
      } finally {
        await file.close();
      }
      await rename(draft, this.#pathOf(sha256));
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  async touch(sha256: string, usedMs: number): Promise<void> {
    await utimes(this.#pathOf(sha256), usedMs / MS_PER_SECOND, usedMs / MS_PER_SECOND);
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.#pathOf(sha256), { force: true });
  }

  async list(): Promise<readonly CachedFile[]> {
    const names = await readdir(this.#directory).catch((error: unknown) => {
      if (isAbsent(error)) return [];
      throw error;
    });
    const files: CachedFile[] = [];
    for (const name of names) {
      const path = join(this.#directory, name);
      // Another program may have removed it just now.
      const found = await stat(path).catch(() => null);
      if (found === null) continue;
      if (NAME.test(name)) files.push({ sha256: name, bytes: found.size, usedMs: found.mtimeMs });
      else if (DRAFT.test(name) && Date.now() - found.ctimeMs > DRAFT_MS) await rm(path, { force: true });
    }
    return files;
  }

  #pathOf(sha256: string): string {
    return join(this.#directory, sha256);
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === 'ENOENT';
}
