import type { ObjectId, Path } from '../ids.ts';
import type { Time } from '../stamp/stamp.ts';
import { type ActorClaims, type ActorTable, addActorClaims } from './actors.ts';
import { isPurged, laterPurge, type Patch } from './patch.ts';
import { newest, type Register } from './register.ts';

/** The join of every patch it was given, changed in place: one map an object, stamps and registers shared with the patches. */
export class RegisterStore {
  readonly #objects = new Map<ObjectId, Map<Path, Register>>();
  readonly #purges = new Map<ObjectId, Time>();
  readonly #actors: ActorTable = new Map();

  /** The number of objects that hold a register. */
  get size(): number {
    return this.#objects.size;
  }

  /** A live view of the claims. */
  get actors(): ActorClaims {
    return this.#actors;
  }

  /** The objects that hold a register. */
  ids(): IterableIterator<ObjectId> {
    return this.#objects.keys();
  }

  has(id: ObjectId): boolean {
    return this.#objects.has(id);
  }

  /** The registers of an object: a live view, valid until the next change. */
  get(id: ObjectId): ReadonlyMap<Path, Register> | undefined {
    return this.#objects.get(id);
  }

  purgeOf(id: ObjectId): Time | null {
    return this.#purges.get(id) ?? null;
  }

  /** Joins a patch and says which registers have a new winner or are gone. */
  join(patch: Patch): Map<ObjectId, Set<Path>> {
    const changes = new Map<ObjectId, Set<Path>>();
    for (const [id, { registers, purge }] of patch.objects) {
      const changed = new Set<Path>();
      if (purge !== null) this.#purge(id, purge, changed);
      for (const [path, register] of registers) if (this.#put(id, path, register)) changed.add(path);
      if (changed.size > 0) changes.set(id, changed);
    }
    addActorClaims(this.#actors, patch.actors);
    return changes;
  }

  /** Whether joining this register would change nothing: it is held, was overwritten, or was purged. */
  dominates(id: ObjectId, path: Path, register: Register): boolean {
    if (isPurged(register, this.purgeOf(id))) return true;
    const held = this.#objects.get(id)?.get(path);
    return held !== undefined && newest(held, register) === held;
  }

  /** Forgets one register. Not part of the lattice: only for what is held provisionally. */
  remove(id: ObjectId, path: Path): void {
    const registers = this.#objects.get(id);
    registers?.delete(path);
    if (registers?.size === 0) this.#objects.delete(id);
  }

  /** What the store holds, of all objects or of some, with every claim; it does not change with the store. */
  toPatch(ids?: Iterable<ObjectId>): Patch {
    const wanted =
      ids === undefined ? new Set([...this.#objects.keys(), ...this.#purges.keys()]) : new Set(ids);
    const objects = new Map<ObjectId, { registers: ReadonlyMap<Path, Register>; purge: Time | null }>();
    for (const id of wanted) {
      const registers = this.#objects.get(id);
      const purge = this.purgeOf(id);
      if (registers !== undefined || purge !== null)
        objects.set(id, { registers: new Map(registers), purge });
    }
    return { objects, actors: new Map(this.#actors) };
  }

  #put(id: ObjectId, path: Path, register: Register): boolean {
    if (this.#purges.size > 0 && isPurged(register, this.purgeOf(id))) return false;
    const registers = this.#objects.get(id);
    if (registers === undefined) {
      this.#objects.set(id, new Map([[path, register]]));
      return true;
    }
    const held = registers.get(path);
    if (held !== undefined && newest(held, register) === held) return false;
    registers.set(path, register);
    return true;
  }

  #purge(id: ObjectId, time: Time, changed: Set<Path>): void {
    const purge = laterPurge(this.purgeOf(id), time);
    if (purge === null) return;
    this.#purges.set(id, purge);
    for (const [path, register] of this.#objects.get(id) ?? []) {
      if (!isPurged(register, purge)) continue;
      this.remove(id, path);
      changed.add(path);
    }
  }
}
