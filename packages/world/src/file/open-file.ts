import {
  type DecodedFile,
  type FileInfo,
  type ObjectId,
  type ObjectQuery,
  type Patch,
  type QueryOptions,
  type QueryResult,
  query,
  readScene,
  type Scene,
  type SceneObject,
  sceneHash,
} from '@weft/core';
import { type FileSource, readFileSource } from './file-source.ts';

/**
 * Opens a `.weft` file, or the same in JSON, for looking: without a homeserver, an account or a network.
 *
 * Cost: about 3 ms per 1,000 objects.
 *
 * @throws WeftError `bad-file`; `limit` past 64 MiB, 500,000 objects or 5,000,000 registers
 */
export function openFile(source: FileSource): WorldFile {
  return new WorldFile(readFileSource(source));
}

/**
 * A world as a file holds it; never changes. Shows what its values show by themselves: the rules of a room and its clock
 * are not in a file.
 */
export class WorldFile {
  /** What the file says of itself; nobody vouches for it. */
  readonly info: FileInfo;
  /** What was malformed and left out, at most 101 entries. */
  readonly problems: DecodedFile['problems'];
  readonly #patch: Patch;
  readonly #scene: Scene;

  constructor({ patch, info, problems }: DecodedFile) {
    this.info = info;
    this.problems = problems;
    this.#patch = patch;
    this.#scene = readScene(patch);
  }

  /** A visible object, frozen; `undefined` where it is unknown or hidden. */
  get(id: ObjectId): SceneObject | undefined {
    return this.#scene.get(id);
  }

  /** The visible children of an object or of `root`, in order. */
  children(id: ObjectId): readonly ObjectId[] {
    return this.#scene.children(id);
  }

  /** Every visible object's id, in no particular order. */
  ids(): Iterable<ObjectId> {
    return this.#scene.ids();
  }

  /** @throws WeftError as `World.query` */
  query(wanted: ObjectQuery, options?: QueryOptions): QueryResult {
    return query(this.#scene, wanted, options);
  }

  /** As `World.hash`. */
  hash(): string {
    return sceneHash(this.#scene);
  }

  /** All that the file says; for `World.diff`. */
  toPatch(): Patch {
    return this.#patch;
  }
}
