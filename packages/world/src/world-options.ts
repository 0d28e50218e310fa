import type { FileFormat } from './file/write-file.ts';

export interface EditOptions {
  /** Consecutive edits under the same key are one undo step: all moves of one drag. */
  readonly coalesce?: string;
}

export interface ExportOptions {
  /** Default `weft`. */
  readonly format?: FileFormat;
}

export interface CloseOptions {
  /** How long to wait for the homeserver to hold what is unsaved, in milliseconds; default 10,000. */
  readonly waitMs?: number;
}
