import type { AssetRef } from '@weft/assets';
import type { ObjectId, Stop, Timers } from '@weft/core';
import type { Texture } from 'three';
import { AssetSlot } from './asset-slot.ts';
import type { Shelf } from './shelf.ts';

/** What is there within this needs no thumbnail, and none is asked for. */
export const THUMBNAIL_AFTER_MS = 250;

/** Has the thumbnail of a file that is long in coming, or does not come, and none of one that is there. */
export class ThumbnailSlot {
  readonly #timers: Pick<Timers, 'after'>;
  readonly #slot: AssetSlot<Texture>;
  #ref: AssetRef | null = null;
  /** `false` while the file is there, or is given a moment. */
  #isDue = false;
  #isWanted = false;
  #stopWaiting: Stop = () => undefined;

  /** @param show told of the picture, and of `null` where there is none, which is what is broken, too */
  constructor(
    host: { readonly thumbnails: Shelf<Texture>; readonly timers: Pick<Timers, 'after'> },
    user: ObjectId,
    show: (picture: Texture | null) => void,
  ) {
    this.#timers = host.timers;
    this.#slot = new AssetSlot(host.thumbnails, user, (outcome) =>
      show(outcome?.state === 'ready' ? outcome.value : null),
    );
  }

  /** Which one there is, as the object says. */
  name(ref: AssetRef | null): void {
    this.#ref = ref;
    if (this.#isDue) this.#slot.want(ref);
  }

  /** Whether the file itself is not there. */
  want(isWanted: boolean): void {
    if (isWanted === this.#isWanted) return;
    this.#isWanted = isWanted;
    this.#stopWaiting();
    if (!isWanted) {
      this.#isDue = false;
      this.#slot.want(null);
      return;
    }
    this.#stopWaiting = this.#timers.after(THUMBNAIL_AFTER_MS, () => {
      this.#isDue = true;
      this.#slot.want(this.#ref);
    });
  }

  release(): void {
    this.#stopWaiting();
    this.#slot.release();
  }
}
