/** What a disk may do to a write, besides making it. */
export type StoreFault =
  /** Nothing: the write before those that matter. */
  | 'none'
  /** There is no room for it. */
  | 'full'
  /** It cannot be synced. */
  | 'failed'
  /** The process dies before it; the caller hears nothing more. */
  | 'crash-before'
  /** The process dies after it, before the caller hears of it. */
  | 'crash-after'
  /** The power goes, and the disk had lied: the last record of the write is half there. */
  | 'torn';
