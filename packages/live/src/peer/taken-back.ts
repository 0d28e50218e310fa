import { forgetOldest, type RegisterEntry } from '@weft/core';

/** Registers of which it is remembered that their author took them back; of more the oldest are forgotten. */
export const MAX_TAKEN_BACK = 16_384;

/** What authors took back: a message that comes twice, or late, must not bring it again. */
export class TakenBack {
  readonly #keys = new Set<string>();

  get size(): number {
    return this.#keys.size;
  }

  add(entry: RegisterEntry): void {
    const key = keyOf(entry);
    this.#keys.delete(key);
    this.#keys.add(key);
    forgetOldest(this.#keys, MAX_TAKEN_BACK);
  }

  has(entry: RegisterEntry): boolean {
    return this.#keys.size > 0 && this.#keys.has(keyOf(entry));
  }
}

function keyOf({ id, path, register: { stamp } }: RegisterEntry): string {
  return `${id} ${path} ${stamp.time} ${stamp.actor}`;
}
