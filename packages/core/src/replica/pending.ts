import type { ActorId, ObjectId, Path } from '../ids.ts';
import type { ActorClaims } from '../register/actors.ts';
import { entriesOf, isPurged, type Patch, patchOf, type RegisterEntry } from '../register/patch.ts';
import { isSameRegister, type Register } from '../register/register.ts';
import { RegisterStore } from '../register/register-store.ts';
import type { Time } from '../stamp/stamp.ts';
import type { Base } from './base.ts';
import type { Changed } from './changed.ts';
import type { ObjectRegisters } from './refused.ts';
import { outcomeOf, type RoomState, type Settled } from './settled.ts';

/** What this client sees to it that the room gets: its own edits, and what it adopted of others. */
export class Pending {
  readonly #base: Pick<Base, 'dominates' | 'get' | 'purgeOf'>;
  readonly #store = new RegisterStore();
  /** What a relay's journal holds, as it was when it said so. */
  readonly #held = new Map<ObjectId, Map<Path, Register>>();
  /** What purges took out, until `settle` tells of it. */
  #taken: RegisterEntry[] = [];
  /** The running clients whose edits are this client's to stamp anew. */
  readonly #own: Set<ActorId>;

  constructor(actor: ActorId, base: Pick<Base, 'dominates' | 'get' | 'purgeOf'>) {
    this.#base = base;
    this.#own = new Set([actor]);
  }

  /** The number of objects with something pending. */
  get size(): number {
    return this.#store.size;
  }

  /** Grows with each register that left. */
  get removals(): number {
    return this.#store.removals;
  }

  /** See `RegisterStore.changes`. */
  get changes(): number {
    return this.#store.changes;
  }

  get actors(): ActorClaims {
    return this.#store.actors;
  }

  ids(): Iterable<ObjectId> {
    return this.#store.ids();
  }

  has(id: ObjectId): boolean {
    return this.#store.has(id);
  }

  get(id: ObjectId): ReadonlyMap<Path, Register> | undefined {
    return this.#store.get(id);
  }

  toPatch(): Patch {
    return this.#store.toPatch();
  }

  entries(): RegisterEntry[] {
    return [...this.#store.ids()].flatMap((id) =>
      [...(this.#store.get(id) ?? [])].map(([path, register]) => ({ id, path, register })),
    );
  }

  /** Earlier runs of this client. */
  addOwn(actors: Iterable<ActorId>): void {
    for (const actor of actors) this.#own.add(actor);
  }

  isOwn({ register }: RegisterEntry): boolean {
    return this.#own.has(register.stamp.actor);
  }

  /** Whether just this is pending. */
  holds({ id, path, register }: RegisterEntry): boolean {
    return isSameRegister(this.#store.get(id)?.get(path), register);
  }

  /** Joins what the base does not dominate; says where that is new here, never as `NewObjects`: the base may know them. */
  join(patch: Patch): Changed {
    const isNews = ({ id, path, register }: RegisterEntry): boolean =>
      !this.#base.dominates(id, path, register);
    const entries = [...entriesOf(patch)];
    if (entries.every(isNews)) return this.joinAll(patch);
    return this.joinAll(patchOf({ registers: entries.filter(isNews), actors: patch.actors }));
  }

  /** The same of what lost already, too, so that `settle` tells of it. */
  joinAll(patch: Patch): Changed {
    return new Map(this.#store.join(patch));
  }

  remove(id: ObjectId, path: Path): void {
    this.#store.remove(id, path);
    const held = this.#held.get(id);
    held?.delete(path);
    if (held?.size === 0) this.#held.delete(id);
  }

  /** Takes out what a purge took, and says where. */
  purge(id: ObjectId, purge: Time): readonly RegisterEntry[] {
    const gone = [...(this.#store.get(id) ?? [])]
      .filter(([, register]) => isPurged(register, purge))
      .map(([path, register]) => ({ id, path, register }));
    for (const { path } of gone) this.remove(id, path);
    this.#taken.push(...gone);
    return gone;
  }

  /** See `Replica.settle`. */
  settle(room: RoomState): readonly Settled[] {
    const settled: Settled[] = this.#taken.map((entry) => ({ ...entry, outcome: 'purged', winner: null }));
    this.#taken = [];
    for (const entry of this.entries()) {
      const { id, path, register } = entry;
      // What the base does not hold would be lost with the pending copy, whatever the room says of it.
      if (!this.#base.dominates(id, path, register) || !room.dominates(id, path, register)) continue;
      this.remove(id, path);
      const winner = this.#base.get(id)?.get(path) ?? null;
      settled.push({ ...entry, winner, outcome: outcomeOf(register, winner, this.#base.purgeOf(id)) });
    }
    return settled;
  }

  /** See `Replica.hold`. */
  hold(registers: ObjectRegisters): readonly ObjectId[] {
    const ids: ObjectId[] = [];
    for (const [id, paths] of registers) {
      if (!this.#store.has(id)) continue;
      const before = this.isHeld(id);
      const held = this.#held.get(id) ?? new Map<Path, Register>();
      for (const [path, register] of paths)
        if (isSameRegister(this.#store.get(id)?.get(path), register)) held.set(path, register);
      if (held.size > 0) this.#held.set(id, held);
      if (!before && this.isHeld(id)) ids.push(id);
    }
    return ids;
  }

  /** Nothing counts as held any more; says what did. */
  forgetHeld(): readonly ObjectId[] {
    const ids = [...this.#held.keys()].filter((id) => this.isHeld(id));
    this.#held.clear();
    return ids;
  }

  /** Whether all that is pending of an object is held. */
  isHeld(id: ObjectId): boolean {
    if (!this.#held.has(id)) return false;
    for (const [path, register] of this.#store.get(id) ?? [])
      if (!this.#isHeldAt(id, path, register)) return false;
    return true;
  }

  /** What is this client's own and not held. */
  unheldPatch(): Patch {
    const registers = this.entries().filter(
      (entry) => this.isOwn(entry) && !this.#isHeldAt(entry.id, entry.path, entry.register),
    );
    return patchOf({ registers, actors: this.#store.actors });
  }

  #isHeldAt(id: ObjectId, path: Path, register: Register): boolean {
    return isSameRegister(this.#held.get(id)?.get(path), register);
  }
}
