import type { ActorId, ObjectId, Path } from '../ids.ts';
import type { ActorClaims } from '../register/actors.ts';
import type { ObjectRows } from '../register/object-table.ts';
import { entriesOf, isPurged, type Patch, patchOf, type RegisterEntry } from '../register/patch.ts';
import { isSameRegister } from '../register/register.ts';
import { RegisterStore } from '../register/register-store.ts';
import type { Time } from '../stamp/stamp.ts';
import type { Base } from './base.ts';
import type { Changed } from './changed.ts';
import {
  entriesIn,
  isIdList,
  isRefused,
  type ObjectRegisters,
  type Refused,
  type Refuser,
} from './refused.ts';
import { Relayed } from './relayed.ts';
import { outcomeOf, type RoomState, type Settled } from './settled.ts';

/** What this client sees to it that the room gets: its own edits, and what it adopted of others. */
export class Pending {
  readonly #base: Pick<Base, 'dominates' | 'get' | 'purgeOf'>;
  readonly #store = new RegisterStore();
  /** What is pending, object by object. */
  readonly objects: ObjectRows = this.#store.objects;
  readonly actors: ActorClaims = this.#store.actors;
  readonly #relayed = new Relayed();
  /** What purges took out, until `settle` tells of it. */
  #taken: RegisterEntry[] = [];
  /** The running clients whose edits are this client's to stamp anew. */
  readonly #own: Set<ActorId>;

  constructor(actor: ActorId, base: Pick<Base, 'dominates' | 'get' | 'purgeOf'>) {
    this.#base = base;
    this.#own = new Set([actor]);
  }

  /** Grows with each register that left. */
  get removals(): number {
    return this.#store.removals;
  }

  ids(): Iterable<ObjectId> {
    return this.#store.ids();
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
    return isSameRegister(this.objects.get(id)?.get(path), register);
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

  /** Joins what others wrote, and a relay said. */
  adopt(adopted: Patch): void {
    this.joinAll(adopted);
    for (const entry of entriesOf(adopted)) {
      this.#relayed.add(entry);
      this.#relayed.replace(entry);
    }
  }

  /** See `Replica.sent`. */
  sent(registers: ObjectRegisters): void {
    for (const entry of entriesIn(registers)) this.#relayed.add(entry);
  }

  /** No relay has these any more, nor what they replaced there; what is the newest here stays as it is. */
  unsent(registers: ObjectRegisters): void {
    for (const entry of entriesIn(registers)) {
      this.#relayed.replace(entry);
      if (!this.holds(entry)) this.#relayed.remove(entry);
    }
  }

  /**
   * See `Replica.refuse`.
   *
   * @returns what left
   */
  refuse(refused: Refused, by: Refuser): readonly RegisterEntry[] {
    const gone = this.entries().filter((entry) => isRefused(refused, entry));
    if (isIdList(refused)) for (const id of refused) this.#relayed.forget(id);
    else for (const entry of entriesIn(refused)) this.#relayed.remove(entry);
    for (const { id, path } of gone) {
      this.remove(id, path);
      const register = this.#relayed.newest(id, path);
      if (register === undefined || isPurged(register, this.#base.purgeOf(id))) continue;
      // A relay that had taken what the room refuses has put it in the place of this.
      if (by === 'room') this.#relayed.doubt({ id, path, register });
      this.joinAll(patchOf({ registers: [{ id, path, register }] }));
    }
    return gone;
  }

  remove(id: ObjectId, path: Path): void {
    const register = this.#store.get(id)?.get(path);
    if (register !== undefined) this.#relayed.remove({ id, path, register });
    this.#store.remove(id, path);
  }

  /** Takes out what a purge took, and says where. */
  purge(id: ObjectId, purge: Time): readonly RegisterEntry[] {
    const gone = [...(this.#store.get(id) ?? [])]
      .filter(([, register]) => isPurged(register, purge))
      .map(([path, register]) => ({ id, path, register }));
    for (const { path } of gone) this.remove(id, path);
    this.#relayed.purge(id, purge);
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
      this.#relayed.forget(id, path);
      settled.push(this.#settled(entry));
    }
    return [...settled, ...this.#settleReplaced(room)];
  }

  /** What the room has under a newer one of this client is told where it is durable: what becomes of the newer decides the rest. */
  #settleReplaced(room: RoomState): readonly Settled[] {
    const settled: Settled[] = [];
    for (const entry of this.#relayed.entries()) {
      const { id, path, register } = entry;
      if (!this.#base.dominates(id, path, register) || !room.dominates(id, path, register)) continue;
      this.#relayed.remove(entry);
      settled.push(this.#settled(entry));
    }
    return settled.filter((entry) => entry.outcome === 'durable' && this.isOwn(entry));
  }

  #settled(entry: RegisterEntry): Settled {
    const { id, path, register } = entry;
    const winner = this.#base.get(id)?.get(path) ?? null;
    return { ...entry, winner, outcome: outcomeOf(register, winner, this.#base.purgeOf(id)) };
  }

  /** See `Replica.hold`. */
  hold(registers: ObjectRegisters): readonly ObjectId[] {
    const ids: ObjectId[] = [];
    for (const [id, paths] of registers) {
      if (!this.#store.has(id)) continue;
      const before = this.isHeld(id);
      for (const [path, register] of paths) {
        const entry = { id, path, register };
        if (this.holds(entry) || this.#relayed.has(entry)) this.#relayed.keep(entry);
        // It was refused meanwhile, but had taken the place of what came before.
        else this.#relayed.replace(entry);
      }
      if (!before && this.isHeld(id)) ids.push(id);
    }
    return ids;
  }

  /** Nothing counts as held any more; says what did. */
  forgetHeld(): readonly ObjectId[] {
    const ids = [...this.#relayed.ids()].filter((id) => this.#store.has(id) && this.isHeld(id));
    this.#relayed.doubtAll();
    return ids;
  }

  /** Whether all that is pending of an object is held. */
  isHeld(id: ObjectId): boolean {
    for (const [path, register] of this.#store.get(id) ?? [])
      if (!this.#relayed.isKept({ id, path, register })) return false;
    return true;
  }

  /** What is this client's own and not held. */
  unheldPatch(): Patch {
    const registers = this.entries().filter((entry) => this.isOwn(entry) && !this.#relayed.isKept(entry));
    return patchOf({ registers, actors: this.#store.actors });
  }
}
