/** Records to write and to take away, all of it or nothing. A key that is in both is written. */
export interface StoreChange {
  readonly put?: ReadonlyMap<string, Uint8Array>;
  readonly remove?: Iterable<string>;
  /** What is removed or replaced has to be gone from the device too, as far as it lets itself be told; costs a sync. */
  readonly erase?: boolean;
}

/**
 * What a device keeps of one world: named records. One opener at a time. Keys are 1 to 200 of `A-Z a-z 0-9 . _ ~ / -`,
 * records at most 65 MiB. Everything fails with a `StoreError`; what a failed write names is as it was before.
 */
export interface WorldStore {
  /** Whether the records outlive this process; those in memory do not. */
  readonly outlivesProcess: boolean;
  /** `null` where there is none. @throws StoreError `corrupt` where it is not what was written, `closed`, `failed` */
  read(key: string): Promise<Uint8Array | null>;
  /** Every record under the prefix, by key in order. @throws StoreError as `read` does, at the first that is corrupt */
  readAll(prefix: string): Promise<ReadonlyMap<string, Uint8Array>>;
  /** The keys that begin with the prefix, in order; does not read what is under them. */
  keys(prefix: string): Promise<readonly string[]>;
  /**
   * Resolves when the change would survive the end of this process and, except in memory, a loss of power. Writes happen
   * in the order in which they were asked for.
   *
   * @throws StoreError `full`, `too-large`, `bad-key`, `closed`, `failed`
   */
  write(change: StoreChange): Promise<void>;
  /** Ends what was begun, then lets the next opener in. May be called again. */
  close(): Promise<void>;
}

/** Where one device keeps worlds: a directory, a browser's storage, memory. */
export interface StorePlace {
  /** Opens the store of this name, which is made where there is none. @throws StoreError `busy`, `corrupt`, `unavailable` */
  open(name: string): Promise<WorldStore>;
  /**
   * Moves what is kept under this name out of the way, unread and whole, so that the name is free again; says where it is
   * now. Nothing is deleted. @throws StoreError `busy`, `unavailable`, `failed`
   */
  setAside(name: string): Promise<string>;
  /** A short note that `remember` left; `null` where there is none, or none that can be read. */
  recall(note: string): Promise<string | null>;
  /** Leaves a note that any opener may read and replace. @throws StoreError `full`, `unavailable`, `failed` */
  remember(note: string, text: string): Promise<void>;
}
