import { type DiffSide, diff, type ObjectId, type Patch, readScene, type WorldDiff } from '@weft/core';
import type { RoomId, RoomMoment } from '@weft/matrix';
import { policyOf } from '../file/policy.ts';
import { type FileFormat, writeFile } from '../file/write-file.ts';
import { SceneView } from '../scene-view.ts';

export interface WorldMomentParts {
  readonly room: RoomId;
  readonly atMs: number;
  readonly moment: RoomMoment;
}

/**
 * A world as its room showed it at one moment of the past, under the rules of then; never changes. What was purged since
 * is not in it.
 */
export class WorldMoment extends SceneView {
  readonly room: RoomId;
  /** The moment, in milliseconds since 1970. */
  readonly atMs: number;
  /** What the world was called; empty where that is not known. */
  readonly title: string;
  /** Whether nothing is missing that was not purged. */
  readonly complete: boolean;
  /** Why something may be missing, as a sentence; `null` where it is complete. */
  readonly reason: string | null;
  readonly #patch: Patch;
  readonly #state: RoomMoment['state'];

  constructor({ room, atMs, moment }: WorldMomentParts) {
    super(readScene(moment.patch, moment));
    this.room = room;
    this.atMs = atMs;
    this.title = moment.title ?? '';
    this.complete = moment.incomplete === null;
    this.reason = moment.incomplete;
    this.#patch = moment.patch;
    this.#state = moment.state;
  }

  /** Whether anything had been written under this id. */
  knows(id: ObjectId): boolean {
    return this.#patch.objects.has(id);
  }

  /** What changed from then to another side: the world of now, another moment, a file. */
  diff(other: DiffSide): WorldDiff {
    return diff(this, other);
  }

  /** All that had been written, hidden and deleted objects included. */
  toPatch(): Patch {
    return this.#patch;
  }

  /** As `World.export`. @throws WeftError `limit` */
  export({ format = 'weft' }: { readonly format?: FileFormat } = {}): Uint8Array<ArrayBuffer> {
    const policy = policyOf(this.#state);
    const info = { title: this.title, createdMs: this.atMs, source: this.room, policy };
    return writeFile(this.#patch, info, format);
  }
}
