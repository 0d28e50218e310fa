import { type AssetRef, refuseThumbnail } from '@weft/assets';
import type { SceneObject } from '@weft/core';
import { assetRefOf, Gate, type LoadAsset, Shelf } from '@weft/three';

/** Different thumbnails that lists show at one time; a window of lines has fewer. */
export const MAX_LISTED_THUMBNAILS = 128;
/** Those on their way at one time. */
export const MAX_LISTED_AT_ONCE = 2;

/** Small pictures for lists. One that is broken is none, and is not tried again while it is in sight. */
export class Thumbnails {
  readonly #shelf: Shelf<ImageBitmap, string>;

  constructor(load: LoadAsset) {
    this.#shelf = new Shelf({
      ...{ load, kind: 'picture', decode, dispose: (picture: ImageBitmap) => picture.close() },
      gate: new Gate(MAX_LISTED_AT_ONCE),
      timers: { after: () => () => undefined },
      most: { count: MAX_LISTED_THUMBNAILS, reason: 'there are enough' },
      onChange: () => undefined,
    });
  }

  /**
   * @param show told of the picture once it is there; it is closed with its last user
   * @returns ends it
   */
  use(ref: AssetRef, show: (picture: ImageBitmap) => void): () => void {
    return this.#shelf.use(ref, '', (outcome) => {
      if (outcome?.state === 'ready') show(outcome.value);
    });
  }
}

/** The thumbnail that an object names. */
export function thumbnailOf(object: SceneObject | undefined): AssetRef | null {
  return assetRefOf(object?.mesh?.thumbnail ?? object?.image?.thumbnail);
}

async function decode(bytes: Uint8Array): Promise<ImageBitmap> {
  const reason = refuseThumbnail(bytes);
  if (reason !== null) throw new Error(reason);
  return createImageBitmap(new Blob([bytes.slice()]));
}
