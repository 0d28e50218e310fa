import type { CachedFile, CacheMedium } from './cache-medium.ts';

/** Files in the memory of this program; they are shared with it, not copied. */
export class MemoryMedium implements CacheMedium {
  readonly #files = new Map<string, { readonly bytes: Uint8Array; usedMs: number }>();

  async get(sha256: string): Promise<Uint8Array | null> {
    return this.#files.get(sha256)?.bytes ?? null;
  }

  async put(sha256: string, bytes: Uint8Array, usedMs: number): Promise<void> {
    this.#files.set(sha256, { bytes, usedMs });
  }

  async touch(sha256: string, usedMs: number): Promise<void> {
    const file = this.#files.get(sha256);
    if (file !== undefined) file.usedMs = usedMs;
  }

  async remove(sha256: string): Promise<void> {
    this.#files.delete(sha256);
  }

  async list(): Promise<readonly CachedFile[]> {
    return [...this.#files].map(([sha256, { bytes, usedMs }]) => ({ sha256, bytes: bytes.length, usedMs }));
  }
}
