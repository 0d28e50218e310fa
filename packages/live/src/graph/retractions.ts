import { entriesOf, join, type ObjectRegisters, type Patch, patchOf, type RegisterEntry } from '@weft/core';
import type { RetractUp } from '@weft/protocol';
import { without } from '../lane/patches.ts';
import { splitPatch } from '../lane/split-patch.ts';

/** Own registers that the room refused and of which no relay said that everybody drops them; of more the oldest are let go. */
export const MAX_RETRACTIONS = 16_384;

/** Own edits that the room refused, until the relay has told everybody. */
export class Retractions {
  readonly #send: (frame: RetractUp) => boolean;
  #open: Patch = patchOf({});

  /** @param send to this client's relay; `false` where none is live */
  constructor(send: (frame: RetractUp) => boolean) {
    this.#send = send;
  }

  get size(): number {
    return [...entriesOf(this.#open)].length;
  }

  add(registers: ObjectRegisters): void {
    const patch = patchOf({ registers: entries(registers) });
    const all = [...entriesOf(join(this.#open, patch))];
    this.#open = patchOf({ registers: all.slice(-MAX_RETRACTIONS) });
    this.#tell(patch);
  }

  /** A relay is live that may not know. */
  again(): void {
    this.#tell(this.#open);
  }

  /** The relay told everybody. */
  heard(patch: Patch): void {
    if (this.#open.objects.size > 0) this.#open = without(this.#open, [patch]);
  }

  #tell(patch: Patch): void {
    for (const { wire } of splitPatch(patch).parts)
      if (!this.#send({ type: 'retract-up', patch: wire })) return;
  }
}

function* entries(registers: ObjectRegisters): Generator<RegisterEntry> {
  for (const [id, paths] of registers) for (const [path, register] of paths) yield { id, path, register };
}
