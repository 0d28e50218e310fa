import type { CachedFile, CacheMedium } from './cache-medium.ts';

const FILES = '/weft-assets/file/';
const NOTES = '/weft-assets/used/';

/** The Cache API of a page: each file is a response of its own, beside a small one that says when it was used. */
export class CacheApiMedium implements CacheMedium {
  readonly #cache: Cache;

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  async get(sha256: string): Promise<Uint8Array | null> {
    const found = await this.#cache.match(FILES + sha256);
    return found === undefined ? null : new Uint8Array(await found.arrayBuffer());
  }

  async put(sha256: string, bytes: Uint8Array, usedMs: number): Promise<void> {
    // The note first: a file without one would never be counted.
    await this.#note(sha256, bytes.length, usedMs);
    await this.#cache.put(FILES + sha256, new Response(new Blob([new Uint8Array(bytes)])));
  }

  async touch(sha256: string, usedMs: number): Promise<void> {
    const note = await this.#noteOf(sha256);
    if (note !== null) await this.#note(sha256, note.bytes, usedMs);
  }

  async remove(sha256: string): Promise<void> {
    await this.#cache.delete(FILES + sha256);
    await this.#cache.delete(NOTES + sha256);
  }

  async list(): Promise<readonly CachedFile[]> {
    const files: CachedFile[] = [];
    for (const { url } of await this.#cache.keys()) {
      const { pathname } = new URL(url);
      if (!pathname.startsWith(NOTES)) continue;
      const note = await this.#noteOf(pathname.slice(NOTES.length));
      if (note !== null) files.push(note);
    }
    return files;
  }

  async #note(sha256: string, bytes: number, usedMs: number): Promise<void> {
    await this.#cache.put(NOTES + sha256, new Response(JSON.stringify([bytes, usedMs])));
  }

  async #noteOf(sha256: string): Promise<CachedFile | null> {
    const note: unknown = await (await this.#cache.match(NOTES + sha256))?.json();
    const [bytes, usedMs]: readonly unknown[] = Array.isArray(note) ? note : [];
    return typeof bytes === 'number' && typeof usedMs === 'number' ? { sha256, bytes, usedMs } : null;
  }
}
