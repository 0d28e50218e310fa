import { type DecodedFile, type FileInfo, type Patch, readScene } from '@weft/core';
import { SceneView } from '../scene-view.ts';
import { type FileSource, readFileSource } from './file-source.ts';
import { constraintsOf } from './policy.ts';

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
 * A world as a file holds it, under the rules in it; never changes. The clock of a homeserver is in no file: what is
 * stamped ahead of time is shown.
 */
export class WorldFile extends SceneView {
  /** What the file says of itself; nobody vouches for it. */
  readonly info: FileInfo;
  /** What was malformed and left out; bounded. */
  readonly problems: DecodedFile['problems'];
  readonly #patch: Patch;

  constructor({ patch, info, problems }: DecodedFile) {
    const constraints = constraintsOf(info.policy ?? {});
    super(readScene(patch, constraints));
    this.info = info;
    this.problems = [...problems, ...constraints.problems];
    this.#patch = patch;
  }

  /** All that the file says; for `World.diff`. */
  toPatch(): Patch {
    return this.#patch;
  }
}
