import type { ObjectId, Synchronous } from '@weft/core';
import type { WriteCost } from '@weft/matrix';
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

/** An edit that was tried out. */
export interface CheckedEdit<T> {
  /** What its function returned. */
  readonly value: Synchronous<T>;
  /** The objects that it would touch. */
  readonly ids: readonly ObjectId[];
  /**
   * What it takes to save it alone: state events, of which a stock homeserver allows one every five seconds, and bytes of
   * contents and uploads.
   */
  readonly cost: WriteCost;
}
