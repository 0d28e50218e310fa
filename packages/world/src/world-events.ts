import {
  authorsOf,
  authorsOfChange,
  type ChangeSet,
  type ClaimedAuthors,
  type ObjectId,
  type Path,
  patchOf,
  type Replica,
  type Settled,
  type UserId,
  type Value,
  type WeftError,
} from '@weft/core';
import type { HomeserverError, RoomId } from '@weft/matrix';
import type { Avatar } from './avatar/avatar.ts';
import type { RestoreRequest } from './history/restore-request.ts';
import type { WorldEvent } from './lane/lane-event.ts';
import type { WorldSaid } from './lane/world-chat.ts';
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

/** One value of this user that somebody's newer one won over. */
export interface LostValue {
  readonly object: ObjectId;
  readonly path: Path;
  readonly value: Value;
  /** What holds now; `null` where it was purged. */
  readonly winner: { readonly value: Value; readonly authors: ClaimedAuthors } | null;
}

/** What was lost in one step of the room. Given to `world.restore` as it is, it is set again. */
export interface Superseded extends RestoreRequest {
  readonly lost: readonly LostValue[];
}

/** What of this is a lost race; `null` where nothing is. */
export function supersededBy(
  settled: readonly Settled[],
  replica: Replica,
  ownUser: UserId,
): Superseded | null {
  const lost = settled.filter(({ outcome }) => outcome === 'superseded');
  if (lost.length === 0) return null;
  const from = { toPatch: () => patchOf({ registers: lost }), complete: false };
  return {
    lost: lost.map(({ id, path, register, winner }) => ({
      object: id,
      path,
      value: register.value,
      winner:
        winner === null ? null : { value: winner.value, authors: authorsOf(replica, ownUser, id, [path]) },
    })),
    from,
    objects: [...new Set(lost.map(({ id }) => id))],
    name: 'set again',
  };
}

/** What a world tells, by name of the event. */
export interface WorldEvents {
  /** The visible scene changed: one transaction, whoever made it. */
  readonly change: WorldChange;
  /** Somebody said something, this user included: over the lane, or in the room's chat with any Matrix client. Told once. */
  readonly said: WorldSaid;
  /** Somebody's client sent a named message over the live lane; this client's own are not told. */
  readonly event: WorldEvent;
  /** Somebody entered, or came into hearing; also this client. */
  readonly arrived: Avatar;
  /** Somebody left, or their relay is lost; also this client. */
  readonly departed: Avatar;
  /** The stage of these objects may have changed. */
  readonly stage: readonly ObjectId[];
  /**
   * The homeserver (`HomeserverError`) or the relay (`WeftError`) refused edits of these objects for good; the scene fell back
   * to what else is known. What was refused before anybody listened, as while the world opened, is told to the first who does.
   */
  readonly refused: { readonly ids: readonly ObjectId[]; readonly error: HomeserverError | WeftError };
  /** The room lost what it had held of these objects, and this client writes it again. */
  readonly repair: readonly ObjectId[];
  readonly problem: Problem;
  /** Somebody's newer values won over edits of this user before the room held them; also over those of an earlier run. */
  readonly superseded: Superseded;
  /** Another room took this one's place: nothing can be changed here any more, and `World.successor` goes there. */
  readonly upgraded: RoomId;
}
