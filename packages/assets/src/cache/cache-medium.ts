export interface CachedFile {
  readonly sha256: string;
  readonly bytes: number;
  /** When it was used last, in milliseconds since the epoch. */
  readonly usedMs: number;
}

/** What keeps files under their hashes, and knows no bounds. Several programs may share what is behind it. */
export interface CacheMedium {
  /** What is there, right or wrong; `null` where nothing is. */
  get(sha256: string): Promise<Uint8Array | null>;
  /** Whole or not at all. */
  put(sha256: string, bytes: Uint8Array, usedMs: number): Promise<void>;
  /** Notes that a file was used; nothing where there is none. */
  touch(sha256: string, usedMs: number): Promise<void>;
  remove(sha256: string): Promise<void>;
  list(): Promise<readonly CachedFile[]>;
}
