import {
  authorsOf,
  type ClaimedAuthors,
  customFieldsOf,
  type DiffSide,
  diff,
  type FieldDescription,
  fieldsOf,
  type ObjectId,
  type Patch,
  type Path,
  parsePath,
  type Replica,
  type Stage,
  type UserId,
  type WorldDiff,
} from '@weft/core';
import { SceneView } from './scene-view.ts';

/** What can be read of a world that is followed, besides its scene. */
export abstract class ReplicaView extends SceneView {
  readonly userId: UserId;
  readonly #replica: Replica;

  constructor(replica: Replica, userId: UserId) {
    super(replica.scene);
    this.#replica = replica;
    this.userId = userId;
  }

  /** Whether anything was ever written under this id, hidden and deleted objects included. */
  knows(id: ObjectId): boolean {
    return this.#replica.registers(id) !== undefined;
  }

  /** Whether the room holds all that is shown of the object, or a relay at least, or this client alone. */
  stage(id: ObjectId): Stage {
    return this.#replica.stage(id);
  }

  /**
   * Who is said to have written what an object is, or one property of it, by user id: claims of clients, not proofs. None
   * where nobody says.
   */
  authorsOf(id: ObjectId, path?: Path): ClaimedAuthors {
    return authorsOf(this.#replica, this.userId, id, path === undefined ? undefined : [path]);
  }

  /** The fields of a component as an inspector shows them; none for one that neither Weft nor the world declares. */
  fields(component: string): readonly FieldDescription[] {
    const declared = this.#replica.components.get(component);
    return declared === undefined ? fieldsOf(component) : customFieldsOf(declared);
  }

  /**
   * Keeps an index of a property, such as `light.intensity`, so that `where` and ranges of it cost what they find.
   * @throws WeftError `invalid-id` for what is no `component.property`
   */
  declareIndex(path: Path): void {
    this.#replica.scene.declareIndex(parsePath(path));
  }

  /** Everything as of now, to compare with later. */
  toPatch(): Patch {
    return this.#replica.shownPatch();
  }

  /** What changes from this world, as it is now, to another side: a world, a file, or an earlier `toPatch`. */
  diff(other: DiffSide): WorldDiff {
    return diff(this, other);
  }
}
