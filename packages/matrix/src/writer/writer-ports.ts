import type {
  AdmittedPatch,
  BlobPointer,
  ChangeSet,
  EventContent,
  ObjectId,
  ObjectRegisters,
  Patch,
  Replica,
} from '@weft/core';
import type { HomeserverError } from '../errors.ts';
import type { Homeserver } from '../homeserver.ts';
import type { RoomId } from '../ids.ts';
import type { Timers } from '../timers.ts';
import type { Carried, Rights } from './carried.ts';
import type { RateLearner } from './rate-learner.ts';

/** What the writer needs of the session, and tells it. */
export interface WriterPorts {
  readonly homeserver: Pick<Homeserver, 'sendState' | 'upload' | 'download' | 'userId'>;
  readonly room: RoomId;
  readonly replica: Pick<Replica, 'clock' | 'writable' | 'restampAhead' | 'usersOf' | 'purgeOf'>;
  readonly timers: Timers;
  readonly fraction: () => number;
  /** Shared by all that this user sends through the homeserver. */
  readonly rate: RateLearner;
  readonly carried: Carried;
  /** The set hash of what this replica holds. */
  readonly setHash: () => string;
  /** Which event of each carrier of many objects the room shows, by `<type> <state key>`. */
  readonly covers: () => ReadonlyMap<string, string>;
  readonly rights: Rights;
  /** What the room's carriers brought, all together; `null` while one of them cannot be read. Costs the whole world. */
  readonly everything: () => Patch | null;
  /** A blob is in the media repository, and says this. */
  readonly uploaded: (pointer: BlobPointer, said: AdmittedPatch, file: Uint8Array) => void;
  /** Whether anything may be written yet: not before it is known what the room holds by now. */
  readonly ready: () => boolean;
  /** What the room does not hold, and should. */
  readonly dirty: () => ObjectRegisters;
  /** Why nothing may be written now, whatever the homeserver would say; `null` where it may. */
  readonly barred: () => HomeserverError | null;
  /** The keys of `w` that the object's event holds and this version does not know. */
  readonly extraOf: (id: ObjectId) => EventContent;
  /** Refused for good: these registers are to leave `pending`. */
  readonly refused: (registers: ObjectRegisters, error: HomeserverError) => void;
  /** Left out until the object changes, or for long: the registers stay dirty. */
  readonly stuck: (id: ObjectId, error: Error) => void;
  /** An accepted write that no sync shows: the room's state is to be read. */
  readonly unseen: () => void;
  /** The session is signed out, or the like: nothing more is written. */
  readonly failed: (error: HomeserverError) => void;
  /** Edits of a clock that was fast were stamped anew before anybody saw them. */
  readonly restamped: (change: ChangeSet) => void;
}
