import { type DecodedFile, type FileInfo, type Patch, readScene } from '@weft/core';
import { SceneView } from '../scene-view.ts';
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
export class WorldFile extends SceneView {
  /** What the file says of itself; nobody vouches for it. */
  readonly info: FileInfo;
  /** What was malformed and left out, at most 101 entries. */
  readonly problems: DecodedFile['problems'];
  readonly #patch: Patch;

  constructor({ patch, info, problems }: DecodedFile) {
    super(readScene(patch));
    this.info = info;
    this.problems = problems;
    this.#patch = patch;
  }

  /** All that the file says; for `World.diff`. */
  toPatch(): Patch {
    return this.#patch;
  }
}
