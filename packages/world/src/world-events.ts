import {
  authorsOfChange,
  type ChangeSet,
  type ClaimedAuthors,
  type ObjectId,
  type Replica,
  type UserId,
} from '@weft/core';
import type { HomeserverError } from '@weft/matrix';
import type { Problem } from './problems.ts';

/** A change of the visible scene, and who is said to have made it. */
export interface WorldChange extends ChangeSet {
  /**
   * By object, who wrote what won: of a removed object, who deleted it or what it hung from. Several where several did, or
   * where several claim one actor; none where nobody says. Claims of clients, not proofs. Worked out when first read, so
   * read it in the listener: later it tells of later changes too.
   */
  readonly authors: ReadonlyMap<ObjectId, ClaimedAuthors>;
}

/** The same change; who made it costs nothing until somebody asks. */
export function withAuthors(change: ChangeSet, replica: Replica, ownUser: UserId): WorldChange {
  let authors: ReadonlyMap<ObjectId, ClaimedAuthors> | null = null;
  return {
    ...change,
    get authors() {
      authors ??= authorsOfChange(replica, ownUser, change);
      return authors;
    },
  };
}

/** What a world tells, by name of the event. */
export interface WorldEvents {
  /** The visible scene changed: one transaction, whoever made it. */
  readonly change: WorldChange;
  /** The stage of these objects may have changed. */
  readonly stage: readonly ObjectId[];
  /** The homeserver refused edits of these objects for good; the scene fell back to what the room holds. */
  readonly refused: { readonly ids: readonly ObjectId[]; readonly error: HomeserverError };
  /** The room lost what it had held of these objects, and this client writes it again. */
  readonly repair: readonly ObjectId[];
  readonly problem: Problem;
}
