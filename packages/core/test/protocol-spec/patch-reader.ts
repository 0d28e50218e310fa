import {
  emptyPatch,
  join,
  type ObjectId,
  type Patch,
  patchOf,
  type RegisterEntry,
  Replica,
  type Scene,
  type Time,
} from '../../src/index.ts';
import { readActor } from './notation.ts';

/** A replica whose clock the test sets, and which says what it holds. */
export class PatchReader {
  readonly #replica: Replica;
  readonly #ids = new Set<ObjectId>();
  #received: Patch = emptyPatch;
  #nowMs = 0;

  constructor() {
    this.#replica = new Replica({ actor: readActor('actor-of-the-reader'), now: () => this.#nowMs });
  }

  get scene(): Scene {
    return this.#replica.scene;
  }

  get waiting(): number {
    return this.#replica.quarantined;
  }

  /** Lets in what has waited until `nowMs`, then receives the patch. */
  receive(patch: Patch, nowMs: number): void {
    this.#nowMs = nowMs;
    this.#replica.releaseQuarantine();
    this.#replica.receive(patch, 'matrix');
    this.#received = join(this.#received, patch);
    for (const id of patch.objects.keys()) this.#ids.add(id);
  }

  /** All that was joined, put together from what the replica tells of each object. */
  joined(): Patch {
    const registers: RegisterEntry[] = [];
    const purges: [ObjectId, Time][] = [];
    for (const id of this.#ids) {
      const purge = this.#replica.purgeOf(id);
      if (purge !== null) purges.push([id, purge]);
      for (const [path, register] of this.#replica.registers(id) ?? [])
        registers.push({ id, path, register });
    }
    const actors = [...this.#received.actors.keys()].map(
      (actor) => [actor, this.#replica.usersOf(actor)] as const,
    );
    return patchOf({ registers, purges, actors });
  }
}
