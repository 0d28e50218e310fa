import type { AdmittedPatch, BlobPointer } from '@weft/core';

/** What is kept of blobs that were read, counted by the size of their files. */
export const MAX_CACHED_BLOB_BYTES = 128 * 1024 * 1024;
/** How many blobs that were read are kept. */
export const MAX_CACHED_BLOBS = 64;

interface Cached {
  readonly bytes: number;
  readonly found: AdmittedPatch;
}

/** Blobs that were read, by their sha256; those that were used last stay. Patches are shared with the replica. */
export class BlobCache {
  readonly #blobs = new Map<string, Cached>();
  #bytes = 0;

  /** What the blob says; `undefined` where it is not known, or is not what the pointer says of it. */
  get({ sha256, bytes, objects }: BlobPointer): AdmittedPatch | undefined {
    const cached = this.#blobs.get(sha256);
    if (cached === undefined || cached.bytes !== bytes || cached.found.patch.objects.size > objects)
      return undefined;
    this.#blobs.delete(sha256);
    this.#blobs.set(sha256, cached);
    return cached.found;
  }

  put({ sha256, bytes }: BlobPointer, found: AdmittedPatch): void {
    this.#forget(sha256);
    this.#blobs.set(sha256, { bytes, found });
    this.#bytes += bytes;
    for (const oldest of this.#blobs.keys()) {
      if (this.#blobs.size <= MAX_CACHED_BLOBS && this.#bytes <= MAX_CACHED_BLOB_BYTES) return;
      this.#forget(oldest);
    }
  }

  #forget(sha256: string): void {
    this.#bytes -= this.#blobs.get(sha256)?.bytes ?? 0;
    this.#blobs.delete(sha256);
  }
}
