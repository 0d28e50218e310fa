import type { ObjectId, Path } from '../ids.ts';
import type { ActorClaims } from '../register/actors.ts';
import type { ObjectRows } from '../register/object-table.ts';
import type { Patch } from '../register/patch.ts';
import { newest, type Register } from '../register/register.ts';
import { RegisterStore } from '../register/register-store.ts';
import type { Time } from '../stamp/stamp.ts';
import { type Ahead, splitAt } from './ahead.ts';
import type { Changed, MutableChanged } from './changed.ts';
import { type PatchSource, Provenance, RECENT_MS, type SourcedPatch } from './provenance.ts';
import { Quarantine } from './quarantine.ts';
import { SetHash } from './set-hash.ts';

/** What the retraction of some events comes to. */
export interface Retraction {
  readonly changed: Changed;
  /** What the changed objects held before. */
  readonly before: ReadonlyMap<ObjectId, ReadonlyMap<Path, Register>>;
  /** What they had said ahead of time, and nobody else. */
  readonly ahead: readonly Ahead[];
  /** What others said and that has to wait for its time now, though it had counted. */
  readonly again: readonly Patch[];
}

const NONE: ReadonlyMap<Path, Register> = new Map();

/**
 * All that ever came from the room's authorised carriers; of recent events it is known which of them said what, so that
 * they can be taken back.
 */
export class Base {
  readonly #store = new RegisterStore();
  readonly objects: ObjectRows = this.#store.objects;
  readonly actors: ActorClaims = this.#store.actors;
  readonly purges: ReadonlyMap<ObjectId, Time> = this.#store.purges;
  readonly #provenance = new Provenance();
  /** What is ahead of time and counts for good once it is not. */
  readonly #aheadForGood = new Quarantine();
  readonly #hash = new SetHash({
    ids: () => this.#store.mentioned(),
    get: (id) => this.#store.get(id),
    purgeOf: (id) => this.#store.purgeOf(id),
  });

  get isEmpty(): boolean {
    return this.#store.isEmpty;
  }

  get recentSources(): readonly PatchSource[] {
    return this.#provenance.sources;
  }

  /** The objects that hold a register. */
  ids(): Iterable<ObjectId> {
    return this.#store.ids();
  }

  /** The objects that hold a register or were purged. */
  mentioned(): Generator<ObjectId> {
    return this.#store.mentioned();
  }

  get(id: ObjectId): ReadonlyMap<Path, Register> | undefined {
    return this.#store.get(id);
  }

  purgeOf(id: ObjectId): Time | null {
    return this.#store.purgeOf(id);
  }

  dominates(id: ObjectId, path: Path, register: Register): boolean {
    return this.#store.dominates(id, path, register);
  }

  toPatch(): Patch {
    return this.#store.toPatch();
  }

  /** See `Replica.setHash`. */
  setHash(): string {
    return this.#hash.value();
  }

  /** Whether an event still says something: it was not taken back, or the room's state holds it after all. */
  admits({ source, isHeld }: SourcedPatch): boolean {
    if (isHeld === true) this.#provenance.forgive(source.event);
    return !this.isRetracted(source.event);
  }

  isRetracted(event: string): boolean {
    return this.#provenance.isRetracted(event);
  }

  /**
   * Joins what an event said, or, without a source, what counts for good.
   *
   * @param admitted the part of it that is not ahead of time
   */
  join(admitted: Patch, received: Patch | SourcedPatch, nowMs: number, horizon: Time): Changed {
    const patch = 'source' in received ? received.patch : received;
    if ('source' in received && received.source.atMs >= nowMs - RECENT_MS)
      this.#provenance.addRecent(received, (id) => this.#store.frozen(id));
    else {
      this.#provenance.addFloor(admitted);
      if (admitted !== patch) this.#aheadForGood.admit(patch, horizon);
    }
    return this.#join(admitted);
  }

  /** Joins what waited for its time. What only a recent event said stays that event's. */
  release(patch: Patch, horizon: Time): Changed {
    this.#provenance.addFloor(this.#aheadForGood.release(horizon));
    return this.#join(patch);
  }

  /** Counts for good what is too old to be taken back, or too much. */
  fold(nowMs: number, horizon: Time): void {
    for (const patch of this.#provenance.fold(nowMs - RECENT_MS, horizon))
      this.#aheadForGood.admit(patch, horizon);
  }

  /** Takes back what these events said; what else is known of their objects shows again. */
  retract(events: Iterable<string>, horizon: Time): Retraction {
    const { left, taken, ahead: again } = this.#provenance.retract(events, horizon);
    const changed: MutableChanged = new Map();
    const before = new Map<ObjectId, ReadonlyMap<Path, Register>>();
    for (const [id, said] of left) {
      const registers = this.#store.get(id) ?? NONE;
      this.#store.replace(id, said);
      const paths = differing(registers, this.#store.get(id) ?? NONE);
      if (paths.size === 0) continue;
      changed.set(id, paths);
      before.set(id, registers);
    }
    if (taken.length > 0) this.#store.replaceActors(this.#provenance.actors);
    this.#hash.touch(left.keys());
    const ahead = taken
      .flatMap((patch) => splitAt(patch, horizon).ahead)
      .filter((entry) => !this.#aheadForGood.has(entry) && !this.#provenance.isRecent(entry));
    return { changed, before, ahead, again };
  }

  #join(patch: Patch): Changed {
    this.#hash.touch(patch.objects.keys());
    return this.#store.join(patch);
  }
}

function differing(before: ReadonlyMap<Path, Register>, after: ReadonlyMap<Path, Register>): Set<Path> {
  const paths = new Set<Path>();
  for (const [path, register] of before) {
    const now = after.get(path);
    if (now === undefined || newest(now, register) !== now || newest(register, now) !== register)
      paths.add(path);
  }
  for (const path of after.keys()) if (!before.has(path)) paths.add(path);
  return paths;
}
