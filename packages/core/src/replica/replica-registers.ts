import type { ActorId, ObjectId, Path } from '../ids.ts';
import { latestTimesOf } from '../register/latest-times.ts';
import { entriesOf, type Patch, patchOf, type RegisterEntry } from '../register/patch.ts';
import { isSameRegister, type Register } from '../register/register.ts';
import { type HybridClock, quarantineHorizon } from '../stamp/clock.ts';
import type { Time } from '../stamp/stamp.ts';
import { splitAt } from './ahead.ts';
import { Base } from './base.ts';
import { type Changed, type MutableChanged, note, together } from './changed.ts';
import { Live } from './live.ts';
import { Pending } from './pending.ts';
import type { SourcedPatch } from './provenance.ts';
import { entriesIn, type ObjectRegisters, type Refused, type Refuser } from './refused.ts';
import { restamp } from './restamp.ts';
import { Waiting } from './waiting.ts';
import { isLater, Winners } from './winners.ts';

const NOWHERE: ReadonlySet<Path> = new Set();

/** The registers of a replica, wherever they came from; says of each step where another register wins than before. */
export class ReplicaRegisters {
  readonly base = new Base();
  readonly pending: Pending;
  readonly live: Live;
  readonly waiting = new Waiting();
  readonly winners: Winners;
  readonly #clock: HybridClock;
  readonly #now: () => number;
  #heardAhead = 0;

  constructor({ clock, now }: { readonly clock: HybridClock; readonly now: () => number }) {
    this.#clock = clock;
    this.#now = now;
    this.pending = new Pending(clock.actor, this.base);
    this.live = new Live({ actor: clock.actor, base: this.base, pending: this.pending });
    this.winners = new Winners({
      base: this.base.objects,
      pending: this.pending.objects,
      live: this.live.objects,
    });
  }

  /** How many registers were heard ahead of time, and dropped. */
  get heardAhead(): number {
    return this.#heardAhead;
  }

  /** The latest time that counts at this moment. */
  get horizon(): Time {
    return quarantineHorizon(this.#now());
  }

  /** See `Replica.receiveAll`. */
  receive(received: Iterable<Patch | SourcedPatch>, retracted: Iterable<string>): Changed {
    const { horizon } = this;
    let changed = this.#retract(retracted, horizon);
    for (const one of received) {
      if ('source' in one && !this.base.admits(one)) continue;
      const admitted = this.waiting.base.admit('source' in one ? one.patch : one, horizon);
      this.#observe(admitted);
      const joined = this.base.join(admitted, one, this.#now(), horizon);
      changed = together(changed, this.#afterJoin(admitted, joined));
    }
    this.base.fold(this.#now(), horizon);
    return changed;
  }

  /** See `Replica.write`. */
  write(patch: Patch): Changed {
    return this.#joinPending(this.waiting.pending.admit(withoutPurges(patch), this.horizon));
  }

  /** See `Replica.resume`. */
  resume(patch: Patch, former: Iterable<ActorId>): Changed {
    this.pending.addOwn(former);
    const entries = [...entriesOf(patch)];
    const own = entries.filter((entry) => this.pending.isOwn(entry));
    const ownPatch = patchOf({ registers: own, actors: patch.actors });
    this.#observe(ownPatch);
    // What lost already is taken up too, so that `settle` tells of it.
    const resumed = this.winners.wonBy('pending', this.pending.joinAll(ownPatch));
    // Heard before it was known to be this client's, and not to show again when the room refuses it.
    for (const entry of own) this.live.retract(entry);
    const others = patchOf({ registers: entries.filter((entry) => !this.pending.isOwn(entry)) });
    const joined = this.#joinPending(this.waiting.pending.admit(others, this.horizon));
    return together(together(resumed, joined), this.restamp());
  }

  /** See `Replica.hear`. */
  hear(patch: Patch, isKept = true): Changed {
    const { admitted, ahead, latest } = splitAt(patch, this.horizon);
    this.#heardAhead += ahead.length;
    if (latest !== null) this.#clock.observe(latest);
    const heard = this.live.hear(admitted, isKept);
    return this.pending.objects.size === 0 ? heard : this.winners.wonBy('live', heard);
  }

  /** See `Replica.retractLive`. */
  retractLive(registers: ObjectRegisters): Changed {
    const before = new Map<RegisterEntry, Register | undefined>();
    for (const entry of entriesIn(registers)) before.set(entry, this.winners.at(entry.id, entry.path));
    for (const entry of before.keys()) this.live.retract(entry);
    this.pending.unsent(registers);
    const changed: MutableChanged = new Map();
    for (const [{ id, path }, winner] of before)
      if (winner !== undefined && !isSameRegister(this.winners.at(id, path), winner)) note(changed, id, path);
    return changed;
  }

  /** See `Replica.adopt`. */
  adopt(registers: ObjectRegisters): Patch {
    const entries = this.live
      .newestOf(registers)
      .filter(({ id, path, register }) => isLater(register, this.pending.objects.get(id)?.get(path)));
    const authors = new Set(entries.map(({ register }) => register.stamp.actor));
    const actors = [...this.live.actors].filter(([actor]) => authors.has(actor));
    const adopted = patchOf({ registers: entries, actors });
    for (const entry of entries) this.live.retract(entry);
    this.pending.adopt(adopted);
    return adopted;
  }

  /** See `Replica.refuse`. */
  refuse(refused: Refused, by: Refuser): Changed {
    const changed: MutableChanged = new Map();
    for (const { id, path, register } of this.pending.refuse(refused, by))
      if (isLater(register, this.winners.at(id, path))) note(changed, id, path);
    return changed;
  }

  /** See `Replica.releaseQuarantine`. */
  release(): { readonly changed: Changed; readonly purged: ReadonlyMap<ObjectId, Time> } {
    const { horizon } = this;
    const patch = this.waiting.base.release(horizon);
    this.#observe(patch);
    const shown = this.#afterJoin(patch, this.base.release(patch, horizon));
    const changed = together(shown, this.#joinPending(this.waiting.pending.release(horizon)));
    return { changed, purged: purgesIn(patch) };
  }

  /** See `Replica.restampAhead`. */
  restamp(): Changed {
    const changed: MutableChanged = new Map();
    const own = this.pending.entries().filter((entry) => this.pending.isOwn(entry));
    const pairs = restamp(own, this.base, this.#clock);
    for (const { before } of pairs) this.#drop(before, changed);
    return together(changed, this.#joinPending(patchOf({ registers: pairs.map(({ after }) => after) })));
  }

  /** Where the base alone wins now, or a purge took what lay over it. */
  #afterJoin(patch: Patch, changed: Changed): Changed {
    if (!this.winners.isOver()) return changed;
    const shown: MutableChanged = new Map();
    for (const [id, { purge }] of patch.objects) {
      if (!this.pending.objects.has(id) && this.live.handOver(id)) continue;
      const paths = changed.get(id);
      const won = paths === undefined ? NOWHERE : this.winners.wonAt('base', id, paths);
      if (won.size > 0) shown.set(id, won);
      if (!this.winners.isOver(id)) continue;
      const left = this.live.leave(id);
      if (purge === null) continue;
      const purged = this.pending.purge(id, purge).map(({ path }) => path);
      for (const path of [...purged, ...left])
        if (this.winners.at(id, path) === undefined) note(shown, id, path);
    }
    return shown;
  }

  #retract(events: Iterable<string>, horizon: Time): Changed {
    const { changed, before, ahead, again } = this.base.retract(events, horizon);
    for (const entry of ahead) this.waiting.base.remove(entry);
    for (const patch of again) this.waiting.base.admit(patch, horizon);
    const shown: MutableChanged = new Map();
    for (const [id, paths] of changed) {
      // What was hidden by what lies over the base, and still is, does not show.
      const shows = [...paths].filter((path) => {
        const over = this.winners.over(id, path);
        return isLater(this.base.get(id)?.get(path), over) || isLater(before.get(id)?.get(path), over);
      });
      if (shows.length > 0) shown.set(id, new Set(shows));
    }
    return shown;
  }

  /** Joins into `pending` what the base does not dominate, and says where that wins. */
  #joinPending(patch: Patch): Changed {
    this.#observe(patch);
    return this.winners.wonBy('pending', this.pending.join(patch));
  }

  /** Forgets a pending register; the path is noted where that changes the winner. */
  #drop({ id, path, register }: RegisterEntry, changed: MutableChanged): void {
    this.pending.remove(id, path);
    if (isLater(register, this.winners.at(id, path))) note(changed, id, path);
  }

  // Stamps alone: a purge may lie a minute ahead, and what is written elsewhere in that minute must not be stamped so.
  #observe(patch: Patch): void {
    const latest = latestTimesOf(patch).stamp;
    if (latest !== null) this.#clock.observe(latest);
  }
}

function withoutPurges(patch: Patch): Patch {
  for (const { purge } of patch.objects.values())
    if (purge !== null) return patchOf({ registers: entriesOf(patch), actors: patch.actors });
  return patch;
}

function purgesIn({ objects }: Patch): ReadonlyMap<ObjectId, Time> {
  return new Map([...objects].flatMap(([id, { purge }]) => (purge === null ? [] : [[id, purge] as const])));
}
