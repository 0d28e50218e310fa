/** Sealed records to put, and keys to take away, in one step. */
export interface MediumChange {
  readonly put: ReadonlyMap<string, Uint8Array>;
  readonly remove: readonly string[];
  /** What goes is to be overwritten, not only forgotten. */
  readonly erase: boolean;
}

/** What keeps bytes under names, and knows neither what they mean nor whether they are whole. Made by an adapter. */
export interface RecordMedium {
  readonly outlivesProcess: boolean;
  get(key: string): Promise<Uint8Array | null>;
  /** Those whose key begins with the prefix. */
  getAll(prefix: string): Promise<readonly (readonly [string, Uint8Array])[]>;
  keys(prefix: string): Promise<readonly string[]>;
  /** All or nothing; durable when it resolves. */
  apply(change: MediumChange): Promise<void>;
  /** Lets the next opener in. */
  close(): Promise<void>;
}
