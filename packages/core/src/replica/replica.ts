import { type CustomComponent, MAX_CUSTOM_COMPONENTS } from '../components/custom-component.ts';
import type { EditAccess } from '../edit/access.ts';
import type { ObjectEventParts } from '../event/encode.ts';
import { type ActorId, type ObjectId, type Path, type UserId, userOfActor } from '../ids.ts';
import { join } from '../register/join.ts';
import type { Patch } from '../register/patch.ts';
import type { Register } from '../register/register.ts';
import type { RegisterStore } from '../register/register-store.ts';
import { checkPatch } from '../rules/check-patch.ts';
import type { Rule } from '../rules/rule.ts';
import type { ChangeSet, Origin } from '../scene/change-set.ts';
import { Reduction } from '../scene/reduction.ts';
import type { Scene } from '../scene/scene.ts';
import { HybridClock } from '../stamp/clock.ts';
import type { Time } from '../stamp/stamp.ts';
import { compareUtf8 } from '../value/utf8.ts';
import { splitAt } from './ahead.ts';
import type { PatchSource, SourcedPatch } from './provenance.ts';
import type { ObjectRegisters, Refused, Refuser } from './refused.ts';
import { ReplicaRegisters } from './replica-registers.ts';
import type { RoomState, Settled } from './settled.ts';
import type { Stage } from './stage.ts';
import { eventParts } from './writable.ts';

const NOBODY: ReadonlySet<UserId> = new Set();

/** What came out of the quarantine. */
export interface Released {
  readonly change: ChangeSet;
  /** The objects that are purged, and up to when: they may have been before. */
  readonly purged: ReadonlyMap<ObjectId, Time>;
}

/**
 * One client's copy of a world. `base` holds all that ever came from the room's authorised carriers, `pending` what this
 * client writes and the room's state does not dominate yet, `live` what it heard of others on a lane and the base does not
 * dominate yet; the scene is the reduction of all three. What is stamped more than ten minutes ahead of the corrected clock
 * waits in a quarantine and counts nowhere.
 */
export class Replica {
  readonly clock: HybridClock;
  readonly #registers: ReplicaRegisters;
  readonly #reduction: Reduction;
  #components: ReadonlyMap<string, CustomComponent> = new Map();

  /**
   * @param options.actor a new id for each running client
   * @param options.now milliseconds since 1970, corrected by the server's clock
   */
  constructor(options: { readonly actor: ActorId; readonly now: () => number }) {
    this.clock = new HybridClock(options);
    this.#registers = new ReplicaRegisters({ clock: this.clock, now: options.now });
    this.#reduction = new Reduction((id) => this.registers(id));
  }

  get scene(): Scene {
    return this.#reduction.scene;
  }

  /** All that ever came from an authorised carrier of the room: a live view. */
  get base(): Pick<RegisterStore, 'ids' | 'get' | 'mentioned' | 'purgeOf' | 'dominates'> {
    return this.#registers.base;
  }

  /** Registers and purges that wait for their time. */
  get quarantined(): number {
    return this.#registers.waiting.size;
  }

  /** How many were ahead of time and found no room to wait; not 0 means that the room has to be read again later. */
  get quarantineDropped(): number {
    return this.#registers.waiting.dropped;
  }

  /** When to call `releaseQuarantine` next, in milliseconds of the corrected clock; `null` where nothing waits. */
  get quarantineReleaseMs(): number | null {
    return this.#registers.waiting.nextReleaseMs;
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

  /** The registers of an object that win and show; valid until the next change. */
  registers(id: ObjectId): ReadonlyMap<Path, Register> | undefined {
    return this.#registers.winners.get(id);
  }

  /** Of base and pending alone those that win: what this client may write to the room. */
  writtenRegisters(id: ObjectId): ReadonlyMap<Path, Register> | undefined {
    return this.#registers.winners.written(id);
  }

  /** The latest time at which the object was purged in the room. */
  purgeOf(id: ObjectId): Time | null {
    return this.#registers.base.purges.get(id) ?? null;
  }

  /** Who an actor is said to be. More than one is a dispute; a claim proves nothing. */
  usersOf(actor: ActorId): ReadonlySet<UserId> {
    const { base, pending, live } = this.#registers;
    const user = userOfActor(actor);
    let users: ReadonlySet<UserId> = user === null ? NOBODY : new Set([user]);
    for (const { actors } of [base, pending, live]) {
      const claimed = actors.get(actor);
      if (claimed === undefined || claimed === users) continue;
      users = users.size === 0 ? claimed : users.union(claimed);
    }
    return users;
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
    return this.#reduction.apply(this.#registers.receive(received, retracted), origin, rules);
  }

  /** Takes back what these events said; see `receiveAll`. */
  retract(events: Iterable<string>): ChangeSet {
    return this.receiveAll([], 'matrix', undefined, events);
  }

  /** The events whose patches can be taken back. */
  get recentSources(): readonly PatchSource[] {
    return this.#registers.base.recentSources;
  }

  /** Whether what this event said was taken back: it says nothing, however often it comes, until the room's state holds it. */
  isRetracted(event: string): boolean {
    return this.#registers.base.isRetracted(event);
  }

  /**
   * A hash of the base: registers and purges, in whatever order they came; 32 hexadecimal digits. Two replicas with equal
   * hashes hold the same, as long as nobody forged it: it detects divergence and proves nothing. The first call costs
   * about 13 µs an object, later ones that much for each object that changed since.
   */
  setHash(): string {
    return this.#registers.base.setHash();
  }

  /** Joins a local edit. Only a room can purge, so purges are ignored here, as is what the base dominates already. */
  write(patch: Patch, origin: Origin): ChangeSet {
    return this.#reduction.apply(this.#registers.write(patch), origin);
  }

  /**
   * Takes up what earlier runs of this client wrote and the room was not seen to hold. What is stamped more than a minute
   * ahead is stamped anew, as `restampAhead` does.
   *
   * @param former the actors of those runs
   */
  resume(patch: Patch, former: Iterable<ActorId>): ChangeSet {
    return this.#reduction.apply(this.#registers.resume(patch, former), 'local');
  }

  /**
   * Joins what others wrote, as a lane tells it, until the base dominates it or it is taken back. It counts nowhere else:
   * it is not durable, not in `setHash`, and not written to the room unless it is adopted. Purges are ignored, since only
   * the room purges; so are echoes of what this client wrote, and what the base dominates. What the quarantine would set
   * aside is dropped and counted.
   */
  hear(patch: Patch): ChangeSet {
    return this.#reduction.apply(this.#registers.hear(patch), 'live');
  }

  /**
   * `hear` of what another client says of itself, with no relay between: it is one device's word until the room brings it, and
   * its stage `local`.
   */
  overhear(patch: Patch): ChangeSet {
    return this.#reduction.apply(this.#registers.hear(patch, false), 'live');
  }

  /** What shows because other clients said so, and neither the room nor a relay is known to hold; with its claims. */
  overheardPatch(): Patch {
    return this.#registers.live.unkept();
  }

  /** How many registers were heard and dropped, since they were stamped ahead of time. */
  get heardAhead(): number {
    return this.#registers.heardAhead;
  }

  /**
   * Forgets what was heard, exactly these registers; the scene falls back to what else is known of them. What this client wrote
   * stays, and does not come up again (`sent`) once newer edits of it took its place.
   */
  retractLive(registers: ObjectRegisters): ChangeSet {
    return this.#reduction.apply(this.#registers.retractLive(registers), 'live');
  }

  /** What was heard and the base does not hold, with who claims to have written it; of each property the newest. */
  livePatch(): Patch {
    return this.#registers.live.toPatch();
  }

  /**
   * Sees to it that the room gets these registers of others, under the stamps that they have and with their authors: from
   * now on they are dirty, and kept by a journal. They are never stamped anew. What is not the newest that was heard, or
   * is older than what is pending, is left out.
   *
   * @returns what was adopted, with who claims to have written it; the scene is the same
   */
  adopt(registers: ObjectRegisters): Patch {
    return this.#registers.adopt(registers);
  }

  /**
   * These registers of this client are on their way to a relay, be they joined by `write` yet or not. It may have them from now
   * on whatever becomes of later edits: where one of those is refused, the newest of these shows again.
   */
  sent(registers: ObjectRegisters): void {
    this.#registers.pending.sent(registers);
  }

  /**
   * A relay's journal holds these registers of this client. Others, and what changed since, stay as they are.
   *
   * @returns the objects that are held by it whole, and were not before
   */
  hold(registers: ObjectRegisters): readonly ObjectId[] {
    return this.#registers.pending.hold(registers);
  }

  /** What this client wrote, in this run or an earlier one, and neither the room nor a relay is known to hold. */
  unheldPatch(): Patch {
    return this.#registers.pending.unheldPatch();
  }

  /** No relay is known to hold anything any more. @returns the objects that were held, and are local again */
  forgetHeld(): readonly ObjectId[] {
    return this.#registers.pending.forgetHeld();
  }

  /** What the room does not hold yet, with who claims to have written it; what waits for its time included. */
  pendingPatch(): Patch {
    return join(this.#registers.pending.toPatch(), this.#registers.waiting.pending.toPatch());
  }

  /** Grows whenever something leaves `pending`, or is stamped anew. */
  get pendingRemovals(): number {
    return this.#registers.pending.removals;
  }

  /** The part of a patch that counts at this moment: what the room's state may be judged by. */
  admissible(patch: Patch): Patch {
    return splitAt(patch, this.#registers.horizon).admitted;
  }

  /** All that ever came from an authorised carrier of the room, with purges and claims; it does not change with the replica. */
  basePatch(): Patch {
    return this.#registers.base.toPatch();
  }

  /** Base and pending, with purges and claims; it does not change with the replica. */
  toPatch(): Patch {
    return join(this.#registers.base.toPatch(), this.#registers.pending.toPatch());
  }

  /** All that shows: `toPatch` with what was heard. */
  shownPatch(): Patch {
    return join(this.toPatch(), this.#registers.live.toPatch());
  }

  /** Takes out of `pending` what the room's state dominates, and tells of what purges took. The scene stays as it is. */
  settle(room: RoomState): readonly Settled[] {
    return this.#registers.pending.settle(room);
  }

  /**
   * Takes out of `pending` what the room or a relay refuses, so that the scene falls back to what else is known: whole objects, or
   * exactly the registers that were written, so that later edits stay. In the place of what was refused exactly comes what a
   * relay may have of before (`sent`), pending again; and held only where the relay refused the later and said to keep this.
   *
   * @param by who refuses; default: the room
   */
  refuse(refused: Refused, by: Refuser = 'room'): ChangeSet {
    return this.#reduction.apply(this.#registers.refuse(refused, by), 'matrix');
  }

  /** What the room's state does not dominate yet; it does not change with the replica. */
  dirty(): ObjectRegisters {
    return new Map(
      [...this.#registers.pending.ids()].map((id) => [id, new Map(this.#registers.pending.objects.get(id))]),
    );
  }

  /** The least that holds of any register of the object. What a relay said counts as held: its journal has it. */
  stage(id: ObjectId): Stage {
    if (this.#registers.pending.objects.has(id) && !this.#registers.pending.isHeld(id)) return 'local';
    if (!this.#registers.live.isKept(id)) return 'local';
    return this.#registers.pending.objects.has(id) || this.#registers.live.objects.has(id)
      ? 'held'
      : 'durable';
  }

  /** What an event of this object has to hold: every winning register of `writtenRegisters`, and who their actors are said to be. */
  writable(id: ObjectId): ObjectEventParts {
    const registers = this.writtenRegisters(id) ?? new Map<Path, Register>();
    return eventParts(registers, (actor) => this.usersOf(actor), this.purgeOf(id));
  }

  /** Joins what waited for its time, and says which objects were purged by it, and up to when. */
  releaseQuarantine(): Released {
    const { changed, purged } = this.#registers.release();
    return { change: this.#reduction.apply(changed, 'matrix'), purged };
  }

  /**
   * Stamps anew the pending edits of this client that are more than a minute ahead, which happens when its clock
   * turns out to have been fast, and that need not be ahead to win. Call it before the first write after the clock was corrected.
   */
  restampAhead(): ChangeSet {
    return this.#reduction.apply(this.#registers.restamp(), 'local');
  }
}
