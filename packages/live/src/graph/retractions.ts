import {
  entriesIn,
  entriesOf,
  isSameRegister,
  join,
  type ObjectRegisters,
  type Patch,
  patchOf,
  type RegisterEntry,
} from '@weft/core';
import type { RetractUp } from '@weft/protocol';
import { without } from '../lane/patches.ts';
import { splitPatch } from '../lane/split-patch.ts';

/** Own registers that the room refused: so many that no relay told yet, and so many that one told; of more the oldest are let go. */
export const MAX_RETRACTIONS = 16_384;

/** Own edits that the room refused: they are told until the relay has told everybody, and again where one still says them. */
export class Retractions {
  readonly #send: (frame: RetractUp) => boolean;
  #open: Patch = patchOf({});
  #told: Patch = patchOf({});

  /** @param send to this client's relay; `false` where none is live */
  constructor(send: (frame: RetractUp) => boolean) {
    this.#send = send;
  }

  get size(): number {
    return [...entriesOf(this.#open)].length;
  }

  add(registers: ObjectRegisters): void {
    const patch = patchOf({ registers: entriesIn(registers) });
    this.#open = bounded(join(this.#open, patch));
    this.#tell(patch);
  }

  /** A relay is live that may not know. */
  again(): void {
    this.#tell(this.#open);
  }

  /** The relay told everybody. */
  heard(patch: Patch): void {
    if (this.#open.objects.size === 0) return;
    const left = without(this.#open, [patch]);
    this.#told = bounded(join(this.#told, without(this.#open, [left])));
    this.#open = left;
  }

  /** A relay says these registers: of those that it told everybody to drop it has lost that it did. */
  said(patch: Patch): void {
    if (this.#told.objects.size === 0) return;
    const again = patchOf({ registers: [...entriesOf(patch)].filter((entry) => this.#isTold(entry)) });
    if (again.objects.size === 0) return;
    this.#open = bounded(join(this.#open, again));
    this.#tell(again);
  }

  #isTold({ id, path, register }: RegisterEntry): boolean {
    return isSameRegister(this.#told.objects.get(id)?.registers.get(path), register);
  }

  #tell(patch: Patch): void {
    for (const { wire } of splitPatch(patch).parts)
      if (!this.#send({ type: 'retract-up', patch: wire })) return;
  }
}

function bounded(patch: Patch): Patch {
  return patchOf({ registers: [...entriesOf(patch)].slice(-MAX_RETRACTIONS) });
}
