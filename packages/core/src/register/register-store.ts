import type { ObjectId, Path } from '../ids.ts';
import type { Time } from '../stamp/stamp.ts';
import { type ActorClaims, type ActorTable, addActorClaims } from './actors.ts';
import { JoinedRegisters } from './joined-registers.ts';
import { NewObjects, type ObjectRows, ObjectTable, pathsOf } from './object-table.ts';
import { isPurged, laterPurge, type ObjectPatch, type Patch } from './patch.ts';
import { summaryOf } from './patch-summary.ts';
import { newest, type Register } from './register.ts';
import { RowRegisters } from './row-registers.ts';

/** The join of every patch it was given, changed in place: one map an object, stamps and registers shared with the patches. */
export class RegisterStore {
  readonly #objects = new ObjectTable();
  /** What is held, object by object. */
  readonly objects: ObjectRows = this.#objects;
  /**
   * Maps of our own. All others are shared with the patch that brought the object, and copied before they change; what comes to
   * a row of a block lies over it.
   */
  readonly #owned = new Map<ObjectId, Map<Path, Register>>();
  readonly #purges = new Map<ObjectId, Time>();
  /** A live view of up to when objects were purged. */
  readonly purges: ReadonlyMap<ObjectId, Time> = this.#purges;
  readonly #actors: ActorTable = new Map();
  /** A live view of the claims. */
  readonly actors: ActorClaims = this.#actors;
  #removals = 0;

  /** The number of objects that hold a register. */
  get size(): number {
    return this.#objects.size;
  }

  /** Whether it holds no register and no purge. */
  get isEmpty(): boolean {
    return this.#objects.size === 0 && this.#purges.size === 0;
  }

  /** How many registers `remove` has forgotten so far. */
  get removals(): number {
    return this.#removals;
  }

  /** The objects that hold a register. */
  ids(): Iterable<ObjectId> {
    return this.#objects.keys();
  }

  /** The objects that hold a register or were purged. */
  *mentioned(): Generator<ObjectId> {
    yield* this.#objects.keys();
    for (const id of this.#purges.keys()) if (!this.#objects.has(id)) yield id;
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

  /** Joins a patch and says which registers have a new winner or are gone: `NewObjects` where this store was new. */
  join(patch: Patch): ReadonlyMap<ObjectId, ReadonlySet<Path>> {
    if (this.#share(patch)) return new NewObjects(patch.objects, summaryOf(patch)?.blocks);
    const changes = new Map<ObjectId, ReadonlySet<Path>>();
    let paths: ReadonlySet<Path> = new Set();
    for (const [id, { registers, purge }] of patch.objects) {
      if (this.#adopt(id, registers, purge)) {
        // Neighbours often have the same paths: one set for all of them.
        if (registers instanceof RowRegisters || !hasJust(paths, registers)) paths = pathsOf(registers);
        changes.set(id, paths);
        continue;
      }
      const changed = new Set<Path>();
      if (purge !== null) this.#purge(id, purge, changed);
      for (const [path, register] of registers) if (this.put(id, path, register)) changed.add(path);
      if (changed.size > 0) changes.set(id, changed);
    }
    this.claim(patch.actors);
    return changes;
  }

  /** `join` of one register. @returns whether it is the winner now */
  put(id: ObjectId, path: Path, register: Register): boolean {
    if (this.#purges.size > 0 && isPurged(register, this.purgeOf(id))) return false;
    const held = this.#objects.get(id)?.get(path);
    if (held !== undefined && newest(held, register) === held) return false;
    this.#ownMap(id).set(path, register);
    this.#objects.changes += 1;
    return true;
  }

  /** `join` of claims alone. */
  claim(claims: ActorClaims): void {
    addActorClaims(this.#actors, claims);
  }

  /** Whether joining this register would change nothing: it is held, was overwritten, or was purged. */
  dominates(id: ObjectId, path: Path, register: Register): boolean {
    if (this.#purges.size > 0 && isPurged(register, this.purgeOf(id))) return true;
    const held = this.#objects.get(id)?.get(path);
    return held !== undefined && newest(held, register) === held;
  }

  /** Forgets one register. Not part of the lattice: only for what is held provisionally. */
  remove(id: ObjectId, path: Path): void {
    const held = this.#objects.get(id);
    if (held?.has(path) !== true) return;
    this.#removals += 1;
    this.#objects.changes += 1;
    const own = this.#owned.get(id);
    const registers = own !== undefined && own === held ? own : new Map(held);
    registers.delete(path);
    if (registers.size > 0) {
      this.#owned.set(id, registers);
      this.#objects.set(id, registers);
      return;
    }
    this.#objects.delete(id);
    this.#owned.delete(id);
  }

  /** What is held of an object; `null` where nothing is. It does not change with the store, and copies nothing. */
  frozen(id: ObjectId): ObjectPatch | null {
    const registers = this.#objects.get(id);
    const purge = this.purgeOf(id);
    if (registers === undefined && purge === null) return null;
    // Shared from now on: the next change of the object copies it first.
    this.#owned.delete(id);
    return { registers: registers ?? new Map(), purge };
  }

  /** Holds just this of an object. Not part of the lattice: only for what was found not to count. */
  replace(id: ObjectId, said: ObjectPatch | null): void {
    this.#objects.changes += 1;
    this.#owned.delete(id);
    if (said === null || said.registers.size === 0) this.#objects.delete(id);
    else this.#objects.set(id, said.registers);
    if (said?.purge == null) this.#purges.delete(id);
    else this.#purges.set(id, said.purge);
  }

  /** Forgets all of it, claims and purges too. Not part of the lattice either. */
  clear(): void {
    this.#objects.clear();
    this.#objects.changes += 1;
    this.#owned.clear();
    this.#purges.clear();
    this.#actors.clear();
  }

  /** Holds just these claims. Not part of the lattice either. */
  replaceActors(claims: ActorClaims): void {
    this.#actors.clear();
    addActorClaims(this.#actors, claims);
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

  /** Takes in the first patch as it is: most of the work of loading a world. */
  #share(patch: Patch): boolean {
    if (!this.#objects.isNew || this.#purges.size > 0) return false;
    if (!isPlain(patch)) return false;
    this.#objects.share(patch.objects);
    this.#objects.changes += 1;
    addActorClaims(this.#actors, patch.actors);
    return true;
  }

  /** Takes the map of an object of which nothing was known as it is. */
  #adopt(id: ObjectId, registers: ReadonlyMap<Path, Register>, purge: Time | null): boolean {
    if (purge !== null || registers.size === 0) return false;
    if (this.#objects.has(id) || (this.#purges.size > 0 && this.#purges.has(id))) return false;
    this.#objects.add(id, registers);
    this.#objects.changes += 1;
    return true;
  }

  /** The map to put what is newer than all that is held. */
  #ownMap(id: ObjectId): Map<Path, Register> {
    const known = this.#owned.get(id);
    if (known !== undefined) return known;
    const held = this.#objects.get(id);
    const isRow = held instanceof RowRegisters;
    const own = isRow ? new Map<Path, Register>() : new Map(held);
    this.#owned.set(id, own);
    this.#objects.set(id, isRow ? new JoinedRegisters(held, own, true) : own);
    return own;
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

/** Whether no object is purged or without registers. */
function isPlain(patch: Patch): boolean {
  const summary = summaryOf(patch);
  // What was read from a file holds no object of which it says nothing.
  if (summary !== undefined) return summary.latest.purge === null;
  for (const { registers, purge } of patch.objects.values())
    if (purge !== null || registers.size === 0) return false;
  return true;
}

function hasJust(paths: ReadonlySet<Path>, registers: ReadonlyMap<Path, Register>): boolean {
  if (paths.size !== registers.size) return false;
  for (const path of registers.keys()) if (!paths.has(path)) return false;
  return true;
}
