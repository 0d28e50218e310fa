import type { ObjectId } from '@weft/core';
import type { MoverPose } from '@weft/protocol';
import type { LanePerson, Mover } from '../channel.ts';
import type { MoverTrack } from './mover-track.ts';

/** What one relay tells of a mover. */
export interface MoverSource {
  readonly person: LanePerson;
  readonly track: MoverTrack;
  /** The relay's clock minus the local one, in milliseconds. */
  readonly offsetMs: () => number;
}

/** A mover, by whichever relays tell of it: who moves between them is there once, as was told last. */
export class HeardMover implements Mover {
  readonly object: ObjectId | null;
  #sources: readonly [MoverSource, ...MoverSource[]];

  constructor(object: ObjectId | null, sources: readonly [MoverSource, ...MoverSource[]]) {
    this.object = object;
    this.#sources = sources;
  }

  get person(): LanePerson {
    return this.#freshest().person;
  }

  get delayMs(): number {
    return this.#freshest().track.delayMs;
  }

  setSources(sources: readonly [MoverSource, ...MoverSource[]]): void {
    this.#sources = sources;
  }

  poseAt(localMs: number): MoverPose | null {
    const [only] = this.#sources;
    const { track, offsetMs } = this.#sources.length === 1 ? only : this.#playing(localMs);
    return track.poseAt(localMs + offsetMs());
  }

  /** By which the newest word is played at that moment. */
  #playing(localMs: number): MoverSource {
    let best = this.#freshest();
    let bestMs = Number.NEGATIVE_INFINITY;
    for (const source of this.#sources) {
      const offsetMs = source.offsetMs();
      const playedMs = source.track.playedMs(localMs + offsetMs) - offsetMs;
      if (playedMs > bestMs) [best, bestMs] = [source, playedMs];
    }
    return best;
  }

  #freshest(): MoverSource {
    let [best] = this.#sources;
    for (const source of this.#sources)
      if (source !== best && newestOf(source) > newestOf(best)) best = source;
    return best;
  }
}

function newestOf({ track, offsetMs }: MoverSource): number {
  return track.newestMs - offsetMs();
}
