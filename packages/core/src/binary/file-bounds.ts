/** What a file may hold where a reader allows less than any file may hold. */
export interface FileBounds {
  /** Objects. Default: 500,000. */
  readonly maxObjects?: number;
  /** Registers. Default: 5,000,000. */
  readonly maxRegisters?: number;
  /** All sections together, inflated: what reading it makes a reader hold. Default: no bound beyond those of each part. */
  readonly maxContentBytes?: number;
}
