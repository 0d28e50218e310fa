import { type CustomComponent, MAX_CUSTOM_COMPONENTS } from '../components/custom-component.ts';
import type { EditAccess } from '../edit/access.ts';
import type { ObjectEventParts } from '../event/encode.ts';
import { type ActorId, isUserId, type ObjectId, type Path, type UserId } from '../ids.ts';
import { join, joinObjects } from '../register/join.ts';
import {
  entriesOf,
  isPurged,
  latestTimesOf,
  type Patch,
  patchOf,
  type RegisterEntry,
} from '../register/patch.ts';
import { compareRegisters, type Register } from '../register/register.ts';
import { RegisterStore } from '../register/register-store.ts';
import { checkPatch } from '../rules/check-patch.ts';
import type { Rule } from '../rules/rule.ts';
import type { ChangeSet, Origin } from '../scene/change-set.ts';
import { Reduction } from '../scene/reduction.ts';
import type { Scene } from '../scene/scene.ts';
import { HybridClock, quarantineHorizon } from '../stamp/clock.ts';
import type { Time } from '../stamp/stamp.ts';
import { compareUtf8 } from '../value/utf8.ts';
import { splitAt } from './ahead.ts';
import { Base } from './base.ts';
import { type Changed, type MutableChanged, note, together } from './changed.ts';
import type { PatchSource, SourcedPatch } from './provenance.ts';
import { Quarantine } from './quarantine.ts';
import { isRefused, type ObjectRegisters } from './refused.ts';
import { restamp } from './restamp.ts';
import { outcomeOf, type RoomState, type Settled } from './settled.ts';
import { eventParts } from './writable.ts';

/** How far an edit got: seen by this client only, or held by the room's state. */
export type Stage = 'local' | 'durable';

/**
 * One client's copy of a world. `base` holds all that ever came from the room's authorised carriers, `pending` the
 * client's own edits that the room's state does not dominate yet; the scene is the reduction of both. What is
 * stamped more than ten minutes ahead of the corrected clock waits in a quarantine and counts nowhere.
 */
export class Replica {
  readonly clock: HybridClock;
  readonly #now: () => number;
  readonly #base = new Base();
  /** What is new to it need not be new, as the base may speak of it: its changes are copied, so as not to be `NewObjects`. */
  readonly #pending = new RegisterStore();
  readonly #ahead = { base: new Quarantine(), pending: new Quarantine() };
  readonly #reduction: Reduction;
  /** Own edits that purges took out of `pending`, until `settle` tells of them. */
  #taken: RegisterEntry[] = [];
  #components: ReadonlyMap<string, CustomComponent> = new Map();
  /** The running clients whose edits are this client's to stamp anew. */
  readonly #own: Set<ActorId>;

  /**
   * @param options.actor a new id for each running client
   * @param options.now milliseconds since 1970, corrected by the server's clock
   */
  constructor(options: { readonly actor: ActorId; readonly now: () => number }) {
    this.#now = options.now;
    this.clock = new HybridClock(options);
    this.#own = new Set([options.actor]);
    this.#reduction = new Reduction((id) => this.registers(id));
  }

  get scene(): Scene {
    return this.#reduction.scene;
  }

  /** All that ever came from an authorised carrier of the room: a live view. */
  get base(): Pick<RegisterStore, 'ids' | 'get' | 'mentioned' | 'purgeOf' | 'dominates'> {
    return this.#base;
  }

  /** Registers and purges that wait for their time. */
  get quarantined(): number {
    return this.#ahead.base.size + this.#ahead.pending.size;
  }

  /** How many were ahead of time and found no room to wait; not 0 means that the room has to be read again later. */
  get quarantineDropped(): number {
    return this.#ahead.base.dropped + this.#ahead.pending.dropped;
  }

  /** When to call `releaseQuarantine` next, in milliseconds of the corrected clock; `null` where nothing waits. */
  get quarantineReleaseMs(): number | null {
    const times = [this.#ahead.base.nextReleaseMs, this.#ahead.pending.nextReleaseMs];
    return times.reduce((a, b) => (a === null || b === null ? (a ?? b) : Math.min(a, b)), null);
  }

  /** The components that the world declares, by name. */
  get components(): ReadonlyMap<string, CustomComponent> {
    return this.#components;
  }

  /**
   * Puts the rules of the room in force: of equal names the last, of more than 256 the first by name. Looks at
   * each object of the world once: a few µs with ten rules.
   */
  setRules(rules: Iterable<Rule>): ChangeSet {
    return this.#reduction.apply(new Map(), 'matrix', rules);
  }

  /**
   * Puts the components that the room declares in force; of more than 256 the first by name. What does not fit them is
   * listed in `scene.problems` and hides nothing.
   */
  setComponents(components: Iterable<CustomComponent>): void {
    this.#components = new Map(
      [...components]
        .sort((a, b) => compareUtf8(a.name, b.name))
        .slice(0, MAX_CUSTOM_COMPONENTS)
        .map((component) => [component.name, component]),
    );
    this.#reduction.setComponents(this.#components);
  }

  /**
   * Whether somebody may write a patch as far as the rules of the world and its declared components go: the check of
   * authors and relays. Joins nothing; what is broken already may stay so. `canEdit` says what roles, owners and locks
   * of single objects allow.
   *
   * @throws WeftError `rule` with the rule's name and what is in the way, `schema` for a declared component
   */
  check(patch: Patch, access: EditAccess): void {
    checkPatch(this.#reduction.ruleView, this.#components, patch, access);
  }

  /** The registers of an object that win, base and pending together; valid until the next change. */
  registers(id: ObjectId): ReadonlyMap<Path, Register> | undefined {
    const base = this.#base.get(id);
    const pending = this.#pending.size === 0 ? undefined : this.#pending.get(id);
    if (base === undefined || pending === undefined) return base ?? pending;
    return joinObjects({ registers: base, purge: null }, { registers: pending, purge: null }).registers;
  }

  /** The latest time at which the object was purged in the room. */
  purgeOf(id: ObjectId): Time | null {
    return this.#base.purgeOf(id);
  }

  /** Who an actor is said to be. More than one is a dispute; a claim proves nothing. */
  usersOf(actor: ActorId): ReadonlySet<UserId> {
    const claims = [...(this.#base.actors.get(actor) ?? []), ...(this.#pending.actors.get(actor) ?? [])];
    return new Set(isUserId(actor) ? [actor, ...claims] : claims);
  }

  /**
   * Joins what an authorised carrier of the room said. Settles nothing: that is for the room's state to say.
   *
   * @param rules the room's rules where they changed too: one step, one change set
   */
  receive(patch: Patch, origin: Origin, rules?: Iterable<Rule>): ChangeSet {
    return this.receiveAll([patch], origin, rules);
  }

  /**
   * `receive` of many patches as one transaction. Each is parted by the clock before any is joined: joined first, what
   * is ahead of time would hide what it replaces. A patch with a source can be taken back for 24 hours, as long as it is
   * among the newest 1,000; a patch without one counts for good.
   *
   * @param retracted ids of events that do not count: what they had said is taken back, and is not taken in again unless the
   *   room's state holds it. What other events said shows instead, so that this replica equals one that never received them
   */
  receiveAll(
    received: Iterable<Patch | SourcedPatch>,
    origin: Origin,
    rules?: Iterable<Rule>,
    retracted: Iterable<string> = [],
  ): ChangeSet {
    const horizon = this.#horizon();
    let changed = this.#retract(retracted, horizon);
    for (const one of received) {
      if ('source' in one && !this.#base.admits(one)) continue;
      const admitted = this.#ahead.base.admit('source' in one ? one.patch : one, horizon);
      changed = together(changed, this.#joinBase(admitted, one, horizon));
    }
    this.#base.fold(this.#now(), horizon);
    return this.#reduction.apply(changed, origin, rules);
  }

  /** Takes back what these events said; see `receiveAll`. */
  retract(events: Iterable<string>): ChangeSet {
    return this.receiveAll([], 'matrix', undefined, events);
  }

  /** The events whose patches can be taken back. */
  get recentSources(): readonly PatchSource[] {
    return this.#base.recentSources;
  }

  /**
   * A hash of the base: registers and purges, in whatever order they came; 32 hexadecimal digits. Two replicas with equal
   * hashes hold the same, as long as nobody forged it: it detects divergence and proves nothing. The first call costs
   * about 13 µs an object, later ones that much for each object that changed since.
   */
  setHash(): string {
    return this.#base.setHash();
  }

  /** Joins a local edit. Only a room can purge, so purges are ignored here, as is what the base dominates already. */
  write(patch: Patch, origin: Origin): ChangeSet {
    const edit = patchOf({ registers: entriesOf(patch), actors: patch.actors });
    return this.#reduction.apply(this.#joinPending(this.#ahead.pending.admit(edit, this.#horizon())), origin);
  }

  /**
   * Takes up what earlier runs of this client wrote and the room was not seen to hold. What is stamped more than a minute
   * ahead is stamped anew, as `restampAhead` does.
   *
   * @param former the actors of those runs
   */
  resume(patch: Patch, former: Iterable<ActorId>): ChangeSet {
    for (const actor of former) this.#own.add(actor);
    const isOwn = ({ register }: RegisterEntry): boolean => this.#own.has(register.stamp.actor);
    const own = patchOf({ registers: [...entriesOf(patch)].filter(isOwn), actors: patch.actors });
    const others = patchOf({ registers: [...entriesOf(patch)].filter((entry) => !isOwn(entry)) });
    this.#observe(own);
    // What lost already is taken up too, so that `settle` tells of it.
    const joined = this.#joinPending(this.#ahead.pending.admit(others, this.#horizon()));
    const changed = together(new Map(this.#pending.join(own)), joined);
    return this.#reduction.apply(together(changed, this.#restamp()), 'local');
  }

  /** What the room does not hold yet, with who claims to have written it; what waits for its time included. */
  pendingPatch(): Patch {
    return join(this.#pending.toPatch(), this.#ahead.pending.toPatch());
  }

  /** Grows whenever something leaves `pending`, or is stamped anew. */
  get pendingRemovals(): number {
    return this.#pending.removals;
  }

  /** The part of a patch that counts at this moment: what the room's state may be judged by. */
  admissible(patch: Patch): Patch {
    return splitAt(patch, this.#horizon()).admitted;
  }

  /** All that counts here, base and pending, with purges and claims; it does not change with the replica. */
  toPatch(): Patch {
    return join(this.#base.toPatch(), this.#pending.toPatch());
  }

  /** Takes out of `pending` what the room's state dominates, and tells of what purges took. The scene stays as it is. */
  settle(room: RoomState): readonly Settled[] {
    const settled: Settled[] = this.#taken.map((entry) => ({ ...entry, outcome: 'purged', winner: null }));
    this.#taken = [];
    for (const entry of this.#pendingEntries()) {
      const { id, path, register } = entry;
      // What the base does not hold would be lost with the pending copy, whatever the room says of it.
      if (!this.#base.dominates(id, path, register) || !room.dominates(id, path, register)) continue;
      this.#pending.remove(id, path);
      const winner = this.#base.get(id)?.get(path) ?? null;
      settled.push({ ...entry, winner, outcome: outcomeOf(register, winner, this.#base.purgeOf(id)) });
    }
    return settled;
  }

  /**
   * Takes out of `pending` what the room refuses, so that the scene falls back to the base: whole objects, or exactly
   * the registers that were written, so that later edits stay.
   */
  refuse(refused: readonly ObjectId[] | ObjectRegisters): ChangeSet {
    const changed: MutableChanged = new Map();
    for (const entry of this.#pendingEntries()) if (isRefused(refused, entry)) this.#drop(entry, changed);
    return this.#reduction.apply(changed, 'matrix');
  }

  /** What the room's state does not dominate yet; it does not change with the replica. */
  dirty(): ObjectRegisters {
    return new Map([...this.#pending.ids()].map((id) => [id, new Map(this.#pending.get(id))]));
  }

  stage(id: ObjectId): Stage {
    return this.#pending.has(id) ? 'local' : 'durable';
  }

  /** What an event of this object has to hold: every winning register, and who their actors are said to be. */
  writable(id: ObjectId): ObjectEventParts {
    const registers = this.registers(id) ?? new Map<Path, Register>();
    return eventParts(registers, (actor) => this.usersOf(actor), this.purgeOf(id));
  }

  /** Joins what waited for its time. */
  releaseQuarantine(): ChangeSet {
    const horizon = this.#horizon();
    const patch = this.#ahead.base.release(horizon);
    this.#observe(patch);
    const shown = this.#afterJoin(patch, this.#base.release(patch, horizon));
    const edited = this.#joinPending(this.#ahead.pending.release(horizon));
    return this.#reduction.apply(together(shown, edited), 'matrix');
  }

  /**
   * Stamps anew the pending edits of this client that are more than a minute ahead, which happens when its clock
   * turns out to have been fast, and that need not be ahead to win. Call it before the first write after the clock was corrected.
   */
  restampAhead(): ChangeSet {
    return this.#reduction.apply(this.#restamp(), 'local');
  }

  #restamp(): Changed {
    const changed: MutableChanged = new Map();
    const own = this.#pendingEntries().filter((entry) => this.#own.has(entry.register.stamp.actor));
    const pairs = restamp(own, this.#base, this.clock);
    for (const { before } of pairs) this.#drop(before, changed);
    return together(changed, this.#joinPending(patchOf({ registers: pairs.map(({ after }) => after) })));
  }

  /** Joins into the base and says which winners changed. */
  #joinBase(patch: Patch, received: Patch | SourcedPatch, horizon: Time): Changed {
    this.#observe(patch);
    return this.#afterJoin(patch, this.#base.join(patch, received, this.#now(), horizon));
  }

  #afterJoin(patch: Patch, changed: Changed): Changed {
    if (this.#pending.size === 0) return changed;
    const shown: MutableChanged = new Map(changed);
    for (const id of patch.objects.keys()) if (this.#pending.has(id)) this.#leavePending(id, patch, shown);
    return shown;
  }

  /** Takes events back and says which winners changed. */
  #retract(events: Iterable<string>, horizon: Time): Changed {
    const { changed, before, ahead } = this.#base.retract(events, horizon);
    for (const entry of ahead) this.#ahead.base.remove(entry);
    const shown: MutableChanged = new Map(changed);
    for (const [id, paths] of changed) {
      const pending = this.#pending.get(id);
      if (pending === undefined) continue;
      // What was hidden by an edit of this client, and still is, does not show.
      const shows = [...paths].filter((path) => {
        const edit = pending.get(path);
        const old = before.get(id)?.get(path);
        return (
          edit === undefined ||
          !this.#isPendingWinner(id, path) ||
          (old !== undefined && compareRegisters(edit, old) < 0)
        );
      });
      if (shows.length > 0) shown.set(id, new Set(shows));
      else shown.delete(id);
    }
    return shown;
  }

  /** Takes out of the changes where the winner is still pending, and out of `pending` what the patch purges. */
  #leavePending(id: ObjectId, patch: Patch, changed: MutableChanged): void {
    const paths = [...(changed.get(id) ?? [])].filter((path) => !this.#isPendingWinner(id, path));
    if (paths.length > 0) changed.set(id, new Set(paths));
    else changed.delete(id);
    const purge = patch.objects.get(id)?.purge ?? null;
    for (const [path, register] of this.#pending.get(id) ?? []) {
      if (!isPurged(register, purge)) continue;
      this.#pending.remove(id, path);
      this.#taken.push({ id, path, register });
      note(changed, id, path);
    }
  }

  /** Joins into `pending` what the base does not dominate; all of that changes winners. */
  #joinPending(patch: Patch): Changed {
    this.#observe(patch);
    const registers = [...entriesOf(patch)].filter(
      ({ id, path, register }) => !this.#base.dominates(id, path, register),
    );
    return new Map(this.#pending.join(patchOf({ registers, actors: patch.actors })));
  }

  /** Forgets a pending register; the path is noted where that changes the winner. */
  #drop({ id, path }: RegisterEntry, changed: MutableChanged): void {
    if (this.#isPendingWinner(id, path)) note(changed, id, path);
    this.#pending.remove(id, path);
  }

  /** Whether the winner is pending, be it that the base holds the same. */
  #isPendingWinner(id: ObjectId, path: Path): boolean {
    const pending = this.#pending.get(id)?.get(path);
    const base = this.#base.get(id)?.get(path);
    return pending !== undefined && (base === undefined || compareRegisters(pending, base) >= 0);
  }

  #pendingEntries(): RegisterEntry[] {
    return [...this.#pending.ids()].flatMap((id) =>
      [...(this.#pending.get(id) ?? [])].map(([path, register]) => ({ id, path, register })),
    );
  }

  // Stamps alone: a purge may lie a minute ahead, and what is written elsewhere in that minute must not be stamped so.
  #observe(patch: Patch): void {
    const latest = latestTimesOf(patch).stamp;
    if (latest !== null) this.clock.observe(latest);
  }

  #horizon(): Time {
    return quarantineHorizon(this.#now());
  }
}
