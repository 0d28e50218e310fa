import { decodePatch, encodePatch, fromBase64Url, type Patch, toBase64Url } from '@weft/core';
import type { StorePlace } from '@weft/store';

/**
 * Edits that could be read from a damaged store, in a note beside it from before that store is put aside until they are in
 * the next one: the process may end at any moment in between.
 */
export class SavedEdits {
  readonly #place: StorePlace;
  readonly #note: string;

  /** @param store the name of the store */
  constructor(place: StorePlace, store: string) {
    this.#place = place;
    this.#note = `${store}-saved`;
  }

  /** `null` where there are none. */
  async read(): Promise<Patch | null> {
    const text = (await this.#place.recall(this.#note)) ?? '';
    const bytes = text === '' ? undefined : fromBase64Url(text);
    try {
      return bytes === undefined ? null : decodePatch(bytes).patch;
    } catch {
      // Whoever wrote it died in the middle of it: the store that it is from is there still, and read again.
      return null;
    }
  }

  /** In the place of what was there. @throws StoreError */
  keep(edits: Patch): Promise<void> {
    const text = edits.objects.size === 0 ? '' : toBase64Url(encodePatch(edits));
    return this.#place.remember(this.#note, text);
  }
}
