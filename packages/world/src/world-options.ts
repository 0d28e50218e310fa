import type { Replica } from '@weft/core';
import type { Homeserver, RoomSession } from '@weft/matrix';
import type { FileFormat } from './file/write-file.ts';
import type { Keeper } from './keep/keeper.ts';
import type { Platform } from './platform.ts';

/** What an open world is made of; `enterWorld` puts it together. */
export interface WorldParts {
  readonly homeserver: Homeserver;
  readonly session: RoomSession;
  readonly replica: Replica;
  readonly platform: Platform;
  /** What this device keeps of the world; `null` where it keeps nothing. */
  readonly keeper: Keeper | null;
}

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
