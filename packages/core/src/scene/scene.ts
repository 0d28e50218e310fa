import type { ObjectId, Path } from '../ids.ts';
import type { Value } from '../value/value.ts';
import type { Box } from './box.ts';
import type { Mat4 } from './pose.ts';
import type { SceneProblem } from './problem.ts';
import type { PropertyLookup } from './property-index.ts';
import type { SceneObject } from './scene-object.ts';
import type { FoundIds } from './sorted-ids.ts';
import type { Volume } from './volume.ts';

/** Which words an index is kept of. */
export type IndexName = 'kind' | 'name' | 'tag' | 'component';

/** The visible objects: always a tree, whatever the registers say. Live: each read sees the latest transaction whole. */
export interface Scene {
  /** The number of visible objects. */
  readonly size: number;
  /** What cannot be shown as written, sorted by object. Checked when asked for, and only what changed since. */
  readonly problems: readonly SceneProblem[];
  /** A visible object; `undefined` where it is unknown or hidden. */
  get(id: ObjectId): SceneObject | undefined;
  has(id: ObjectId): boolean;
  /** The id that a text is, if it is one of a visible object: by a look-up, which costs less than to read it. */
  idOf(text: string): ObjectId | undefined;
  /** The visible children of an object or of `root`, in order; frozen, the same array until they change. */
  children(id: ObjectId): readonly ObjectId[];
  /** Where a visible object hangs; `undefined` where it is unknown or hidden. */
  parent(id: ObjectId): ObjectId | undefined;
  /** Every visible object, in no particular order. */
  ids(): Iterable<ObjectId>;
  /** One property as written of a visible object, without a snapshot of the rest. */
  valueAt(id: ObjectId, path: Path): Value | undefined;
  /** `SceneObject.worldMatrix` without a snapshot of the rest. */
  worldMatrix(id: ObjectId): Mat4 | undefined;
  /** The visible objects under a word of an index, which is built when first asked for and kept from then on. */
  lookup(index: IndexName, word: string): FoundIds;
  /**
   * The box round a visible object in the world, from `mesh.bounds` and the size of its primitive; a point where it
   * has neither, `null` where it is unknown, hidden or at no finite place.
   */
  box(id: ObjectId): Box | null;
  /**
   * The visible objects whose box touches a volume, in no particular order. The index is built when first asked for and
   * kept from then on.
   */
  touching(volume: Volume): Iterable<ObjectId>;
  /** About how many `touching` would look at; counts no further than `most`. */
  estimate(volume: Volume, most: number): number;
  /**
   * Keeps an index of a property from now on, by equality and by order. Declaring it again changes nothing.
   * @throws WeftError `limit` past 32
   */
  declareIndex(path: Path): void;
  /** The index of a property, if it was declared. */
  property(path: Path): PropertyLookup | undefined;
}
