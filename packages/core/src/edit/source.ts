import type { ObjectEventParts } from '../event/encode.ts';
import type { ActorId, ObjectId } from '../ids.ts';
import type { Patch } from '../register/patch.ts';
import type { Registers } from '../scene/facts.ts';
import type { Scene } from '../scene/scene.ts';
import type { Stamp } from '../stamp/stamp.ts';
import type { EditAccess } from './access.ts';

/** What an edit is made against: `Replica` is one. */
export interface EditSource {
  readonly scene: Scene;
  readonly clock: { readonly actor: ActorId; issue(): Stamp };
  /** The winning registers of any object, visible or not. */
  registers(id: ObjectId): Registers | undefined;
  /** What an event of the object has to hold. */
  writable(id: ObjectId): ObjectEventParts;
  /** @throws WeftError where the patch breaks a rule of the world, or does not fit a component that it declares */
  check(patch: Patch, access: EditAccess): void;
}
