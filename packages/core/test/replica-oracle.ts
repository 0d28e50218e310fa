import {
  type ActorId,
  compareRegisters,
  emptyPatch,
  entriesOf,
  join,
  type ObjectId,
  type Patch,
  patchOf,
  type RegisterEntry,
} from '../src/index.ts';

/** All that a replica shows, by the definition: reduce(base ⊔ pending ⊔ live). */
export class Oracle {
  base = emptyPatch;
  ahead: { patch: Patch; isLocal: boolean }[] = [];
  pending: RegisterEntry[] = [];
  /** Of each actor the newest. */
  live: RegisterEntry[] = [];

  take(patch: Patch, isLocal: boolean, horizon: number): void {
    for (const entry of entriesOf(patch)) {
      const part = patchOf({ registers: [entry] });
      if (entry.register.stamp.time > horizon) this.ahead.push({ patch: part, isLocal });
      else if (!isLocal) this.base = join(this.base, part);
      else if (!this.#isInBase(entry)) this.pending.push(entry);
    }
    for (const [id, { purge }] of isLocal ? [] : patch.objects) {
      if (purge === null) continue;
      const part = patchOf({ purges: [[id, purge]] });
      if (purge > horizon) this.ahead.push({ patch: part, isLocal });
      else this.base = join(this.base, part);
    }
    this.pending = this.pending.filter(({ id, register: { stamp } }) => {
      const purge = this.base.objects.get(id)?.purge ?? null;
      return purge === null || stamp.time > purge;
    });
    this.live = this.live.filter((entry) => !this.#isInBase(entry));
  }

  hear(patch: Patch, me: ActorId, horizon: number): void {
    for (const entry of entriesOf(patch)) {
      const { time, actor } = entry.register.stamp;
      if (time > horizon || actor === me || this.#isInBase(entry)) continue;
      const isRival = (other: RegisterEntry) =>
        isSamePlace(other, entry) && other.register.stamp.actor === actor;
      const rival = this.live.find(isRival);
      if (rival !== undefined && compareRegisters(rival.register, entry.register) >= 0) continue;
      this.live = [...this.live.filter((other) => !isRival(other)), entry];
    }
  }

  retractLive(gone: RegisterEntry): void {
    this.live = this.live.filter(
      (entry) => !isSamePlace(entry, gone) || compareRegisters(entry.register, gone.register) !== 0,
    );
  }

  /** What of these objects is newest in what was heard, and newer than what is pending. */
  adopt(ids: readonly ObjectId[]): readonly RegisterEntry[] {
    const adopted = this.newestLive.filter(
      (entry) =>
        ids.includes(entry.id) &&
        this.pending.every(
          (other) => !isSamePlace(other, entry) || compareRegisters(other.register, entry.register) < 0,
        ),
    );
    for (const entry of adopted) this.retractLive(entry);
    this.pending.push(...adopted);
    return adopted;
  }

  release(horizon: number): void {
    const waiting = this.ahead;
    this.ahead = [];
    // The room's first: whether a local one still counts is judged by the base.
    for (const { patch, isLocal } of waiting.filter((one) => !one.isLocal))
      this.take(patch, isLocal, horizon);
    for (const { patch, isLocal } of waiting.filter((one) => one.isLocal)) this.take(patch, isLocal, horizon);
  }

  get newestPending(): readonly RegisterEntry[] {
    return [...entriesOf(patchOf({ registers: this.pending }))];
  }

  get newestLive(): readonly RegisterEntry[] {
    return [...entriesOf(patchOf({ registers: this.live }))];
  }

  drop(test: (entry: RegisterEntry) => boolean): void {
    const paths = new Set(this.newestPending.filter(test).map(({ id, path }) => `${id} ${path}`));
    this.pending = this.pending.filter(({ id, path }) => !paths.has(`${id} ${path}`));
  }

  get effective(): Patch {
    return join(this.base, patchOf({ registers: [...this.pending, ...this.live] }));
  }

  #isInBase(entry: RegisterEntry): boolean {
    return join(this.base, patchOf({ registers: [entry] })) === this.base;
  }
}

function isSamePlace(a: RegisterEntry, b: RegisterEntry): boolean {
  return a.id === b.id && a.path === b.path;
}
