import type { AssetRef } from '@weft/assets';
import type { ObjectId } from '@weft/core';
import { assetKeyOf } from './asset-ref.ts';
import type { Outcome, Shelf } from './shelf.ts';

const NO_FILE = { state: 'failed', reason: 'it names no file' } as const;

/** Holds one asset of a shelf at a time and passes on how it fares; asking for the same again does nothing. */
export class AssetSlot<T> {
  readonly #shelf: Shelf<T>;
  readonly #user: ObjectId;
  readonly #listen: (outcome: Outcome<T> | null) => void;
  #wanted: string | null | undefined;
  #giveBack: (() => void) | null = null;

  constructor(shelf: Shelf<T>, user: ObjectId, listen: (outcome: Outcome<T> | null) => void) {
    this.#shelf = shelf;
    this.#user = user;
    this.#listen = listen;
  }

  want(ref: AssetRef | null): void {
    const key = ref === null ? null : assetKeyOf(ref);
    if (key === this.#wanted) return;
    const last = this.#giveBack;
    this.#wanted = key;
    this.#giveBack = ref === null ? null : this.#shelf.use(ref, this.#user, this.#listen);
    if (ref === null) this.#listen(NO_FILE);
    // After the next one was shown: what is still on the screen must not be freed under it.
    last?.();
  }

  release(): void {
    this.#giveBack?.();
    this.#giveBack = null;
    this.#wanted = undefined;
  }
}
