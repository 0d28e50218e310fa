import type { ActorId, ObjectId, UserId } from '../ids.ts';
import type { Patch } from '../register/patch.ts';
import type { Registers } from '../scene/facts.ts';
import type { Scene } from '../scene/scene.ts';
import type { Stamp, Time } from '../stamp/stamp.ts';
import type { EditAccess } from './access.ts';

/** What an edit is made against: `Replica` is one. */
export interface EditSource {
  readonly scene: Scene;
  readonly clock: { readonly actor: ActorId; issue(): Stamp };
  /** The winning registers of any object, visible or not. */
  registers(id: ObjectId): Registers | undefined;
  /** Who an actor is said to be. */
  usersOf(actor: ActorId): ReadonlySet<UserId>;
  /** The latest time at which the object was purged in the room. */
  purgeOf(id: ObjectId): Time | null;
  /** @throws WeftError where the patch breaks a rule of the world, or does not fit a component that it declares */
  check(patch: Patch, access: EditAccess): void;
}
