import type { StartFileHash } from '../hash/file-hash.ts';
import type { AssetCache } from './asset-cache.ts';
import type { CachedFile, CacheMedium } from './cache-medium.ts';

type Files = ReadonlyMap<string, CachedFile>;

export interface BoundedCacheOptions {
  /** All files together. */
  readonly maxBytes: number;
  readonly maxFiles: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly startHash: StartFileHash;
}

/** How long it is believed that nobody else kept anything there. */
const LOOK_AGAIN_MS = 60_000;
/** What stays where a device turns out to be full, as a share of what was there. */
const KEPT_WHEN_FULL = 0.5;

/**
 * A cache over a medium: files are verified when they are read, and those that were used last stay within the bounds. Programs
 * that share a medium each see to the bounds, and look at what the others kept when one is reached, and every minute.
 */
export class BoundedCache implements AssetCache {
  readonly #medium: CacheMedium;
  readonly #options: BoundedCacheOptions;
  /** What is known to be there, the least recently used first; `null` before it was looked. */
  #known: Map<string, CachedFile> | null = null;
  #lookedMs = Number.NEGATIVE_INFINITY;
  /** On their way to the medium. */
  readonly #arriving = new Map<string, Uint8Array>();
  /** One thing is done after the other; never rejects. */
  #last: Promise<void> = Promise.resolve();

  constructor(medium: CacheMedium, options: BoundedCacheOptions) {
    this.#medium = medium;
    this.#options = options;
  }

  async read(sha256: string): Promise<Uint8Array | null> {
    const arriving = this.#arriving.get(sha256);
    if (arriving !== undefined) return arriving;
    try {
      const bytes = await this.#medium.get(sha256);
      if (bytes === null) return null;
      const hash = this.#options.startHash();
      if ((await hash.digest(bytes)) === sha256) {
        this.#use(sha256, bytes.length);
        return bytes;
      }
      this.#known?.delete(sha256);
      await this.#medium.remove(sha256);
      return null;
    } catch {
      return null;
    }
  }

  keep(sha256: string, bytes: Uint8Array): Promise<void> {
    this.#arriving.set(sha256, bytes);
    return this.#inTurn(() => this.#keep(sha256, bytes)).finally(() => this.#arriving.delete(sha256));
  }

  #inTurn(run: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(run).catch(() => undefined);
    return this.#last;
  }

  #use(sha256: string, bytes: number): void {
    const usedMs = this.#options.now();
    if (this.#known?.delete(sha256) === true) this.#known.set(sha256, { sha256, bytes, usedMs });
    this.#inTurn(() => this.#medium.touch(sha256, usedMs));
  }

  async #keep(sha256: string, bytes: Uint8Array): Promise<void> {
    const { maxBytes, maxFiles, now } = this.#options;
    if (bytes.length > maxBytes) return;
    const isEnough = (files: Files): boolean =>
      files.size < maxFiles && bytesOf(files) + bytes.length <= maxBytes;
    let known = this.#known ?? new Map<string, CachedFile>();
    known.delete(sha256);
    if (!isEnough(known) || now() - this.#lookedMs >= LOOK_AGAIN_MS) {
      known = await this.#look();
      known.delete(sha256);
    }
    await this.#evict(known, isEnough);
    const usedMs = now();
    try {
      await this.#medium.put(sha256, bytes, usedMs);
    } catch {
      // The device is full before the bound is reached.
      const wanted = bytesOf(known) * KEPT_WHEN_FULL;
      await this.#evict(known, (files) => bytesOf(files) <= wanted);
      await this.#medium.put(sha256, bytes, usedMs);
    }
    known.set(sha256, { sha256, bytes: bytes.length, usedMs });
  }

  async #look(): Promise<Map<string, CachedFile>> {
    const found = [...(await this.#medium.list())].sort((a, b) => a.usedMs - b.usedMs);
    this.#known = new Map(found.map((file) => [file.sha256, file]));
    this.#lookedMs = this.#options.now();
    return this.#known;
  }

  async #evict(known: Map<string, CachedFile>, isEnough: (files: Files) => boolean): Promise<void> {
    for (const sha256 of known.keys()) {
      if (isEnough(known)) return;
      await this.#medium.remove(sha256);
      known.delete(sha256);
    }
  }
}

function bytesOf(files: Files): number {
  let sum = 0;
  for (const { bytes } of files.values()) sum += bytes;
  return sum;
}
