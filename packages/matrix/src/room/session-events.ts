import type { ChangeSet, ObjectId, ObjectRegisters, Replica, Settled, WeftError } from '@weft/core';
import type { UnreadCarrier } from '../blob/blob-shelf.ts';
import type { FetchBlob } from '../blob/fetch-blob.ts';
import type { HomeserverError } from '../errors.ts';
import type { Homeserver, RoomUpdate } from '../homeserver.ts';
import type { RoomId } from '../ids.ts';
import type { Journal } from '../journal/journal.ts';
import type { Timers } from '../timers.ts';
import type { RateLearner } from '../writer/rate-learner.ts';
import type { RoomProblem } from './stages.ts';
import type { Standing } from './standing.ts';

/** What a session tells. */
export interface RoomSessionEvents {
  /** The visible scene changed: by the room, by a lane, or by `write`. */
  readonly change: ChangeSet;
  /** Registers of this client, or adopted by it, left `pending`, each with what became of it. */
  readonly settled: readonly Settled[];
  /** A relay's journal holds these registers of this client, also where newer ones are pending by now. */
  readonly held: ObjectRegisters;
  /** Own edits became pending that `write` did not bring: those of an earlier run, or under new stamps. */
  readonly resumed: null;
  /** Edits of these objects that a relay held are no longer known to be held. */
  readonly unheld: readonly ObjectId[];
  /**
   * The room or a relay refuses these edits for good, adopted ones included; the scene fell back to what else is known. Where
   * the room did, a lane has to take them back from everybody.
   */
  readonly refused: {
    readonly ids: readonly ObjectId[];
    readonly registers: ObjectRegisters;
    readonly error: HomeserverError | WeftError;
  };
  /** The room lost registers of these objects, and this client writes them again. */
  readonly repair: readonly ObjectId[];
  readonly problem: RoomProblem;
  /** What the homeserver told, before it is taken in: for what is no state, such as sticky messages. */
  readonly update: RoomUpdate;
  readonly standing: Standing;
  readonly connection: 'online' | 'offline';
  /** Carriers that cannot be read yet came, or were read, or failed for another reason. */
  readonly incomplete: readonly UnreadCarrier[];
  /** Whether edits would survive the end of this process may have changed. */
  readonly kept: Journal;
}

export interface RoomSessionOptions {
  readonly homeserver: Homeserver;
  readonly room: RoomId;
  readonly replica: Replica;
  readonly timers: Timers;
  /** A fraction in [0, 1), for jitter. */
  readonly fraction: () => number;
  /** What the homeserver allows this user, in all rooms together. */
  readonly rate: RateLearner;
  /** Runs in order to keep the world: writes again what others lost before other members would. Default `false`. */
  readonly guardian?: boolean;
  /** Whether somebody who follows the room says that its state is the one with this digest (`stateDigest`). */
  readonly isUnchanged?: (digest: string, signal: AbortSignal) => Promise<boolean>;
  /** Fetches blobs from outside of Matrix; absent where nothing can. */
  readonly fetchBlob?: FetchBlob;
}
