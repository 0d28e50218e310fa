import type { ChangeSet, ObjectId } from '@weft/core';
import type { HomeserverError } from '@weft/matrix';
import type { Problem } from './problems.ts';

/** What a world tells, by name of the event. */
export interface WorldEvents {
  /** The visible scene changed: one transaction, whoever made it. */
  readonly change: ChangeSet;
  /** The stage of these objects may have changed. */
  readonly stage: readonly ObjectId[];
  /** The homeserver refused edits of these objects for good; the scene fell back to what the room holds. */
  readonly refused: { readonly ids: readonly ObjectId[]; readonly error: HomeserverError };
  readonly problem: Problem;
}
