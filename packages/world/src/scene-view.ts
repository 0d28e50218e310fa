import {
  type ObjectId,
  type ObjectQuery,
  type Path,
  type QueryOptions,
  type QueryResult,
  query,
  type Scene,
  type SceneObject,
  sceneHash,
  type Value,
} from '@weft/core';

/** What can be read of a scene: of a world, of a file, of a moment of the past. */
export abstract class SceneView {
  readonly #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** A visible object, frozen; the same instance until it changes. `undefined` where it is unknown or hidden. */
  get(id: ObjectId): SceneObject | undefined {
    return this.#scene.get(id);
  }

  /** One property as written of a visible object: what `get(id)?.get(path)` gives, without looking at the rest of it. */
  valueAt(id: ObjectId, path: Path): Value | undefined {
    return this.#scene.valueAt(id, path);
  }

  /** The visible children of an object or of `root`, in order. */
  children(id: ObjectId): readonly ObjectId[] {
    return this.#scene.children(id);
  }

  /** Every visible object's id, in no particular order. */
  ids(): Iterable<ObjectId> {
    return this.#scene.ids();
  }

  /** Every visible object, in no particular order. */
  *objects(): Generator<SceneObject> {
    for (const id of this.ids()) {
      const object = this.get(id);
      if (object !== undefined) yield object;
    }
  }

  /**
   * The objects that match everything asked, with what it takes to get the next page and what it cost.
   * @throws WeftError `invalid-query` with the path, `limit` where it would cost too much
   */
  query(wanted: ObjectQuery, options?: QueryOptions): QueryResult {
    return query(this.#scene, wanted, options);
  }

  /** The sha256 of what is visible: equal for scenes that show the same. Costs the whole scene. */
  hash(): string {
    return sceneHash(this.#scene);
  }
}
