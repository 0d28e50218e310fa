import type { ActorId, ObjectId, Path, UserId } from '../ids.ts';
import type { Time } from '../stamp/stamp.ts';
import type { Register } from './register.ts';

/** What a patch says of one object. */
export interface ObjectPatch {
  readonly registers: ReadonlyMap<Path, Register>;
  /** Every register stamped at or before this time is gone and is never written again; `null` where none was purged. */
  readonly purge: Time | null;
}

/** A bag of stamped registers: what every carrier, file and edit decodes to. */
export interface Patch {
  readonly objects: ReadonlyMap<ObjectId, ObjectPatch>;
  /** Claims of who an actor is. More than one user for an actor is a dispute; never used for permission. */
  readonly actors: ReadonlyMap<ActorId, ReadonlySet<UserId>>;
}
