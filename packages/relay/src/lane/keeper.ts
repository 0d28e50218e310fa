import { type Actors, entriesOf, layersOf, type Patch } from '@weft/core';
import { encodeFrame, type RunId, readWirePatch } from '@weft/protocol';
import type { JournalRecord } from '../journal/journal-record.ts';
import type { KeptRecord, LaneJournal } from '../journal/lane-journal.ts';
import type { Committer } from './committer.ts';
import type { LaneWorld } from './lane-world.ts';
import type { Recent } from './recent.ts';
import { partsOf, type Unsettled } from './unsettled.ts';

/** A journal that holds less is left as it is, in bytes. */
const LEAST_COMPACTED_BYTES = 1024 * 1024;

export interface KeeperOptions {
  readonly run: RunId;
  readonly journal: LaneJournal;
  readonly committer: Committer;
  readonly world: LaneWorld;
  readonly recent: Recent;
  readonly actors: Actors;
  readonly unsettled: Unsettled;
}

/** What a relay's journal says, taken up when it starts, and kept small: what the room does not hold, and the recent frames. */
export class Keeper {
  readonly #options: KeeperOptions;
  #compactAtBytes = LEAST_COMPACTED_BYTES;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Takes up what earlier runs left. @returns the records that cannot be read */
  restore(records: readonly KeptRecord[]): number {
    let unreadable = 0;
    for (const record of records) if (!this.#restoreOne(record)) unreadable += 1;
    return unreadable;
  }

  /**
   * Says which run it is from now on, and where those before it ended.
   *
   * @param lost how many records are missing: nobody can go on from before a hole
   */
  begin(lost: number): void {
    const { recent, run, journal } = this.#options;
    if (lost > 0) recent.reset();
    recent.begin(run);
    const numbers = [...recent.ends, [run, 0] as const].map(([each, seq]) =>
      journal.append({ kind: 'run', key: '', run: each, seq, user: null, body: new Uint8Array() }),
    );
    journal.cut({ kind: 'run', through: (numbers[0] ?? 0) - 1 });
    this.compact();
  }

  /** Compacts where it is worth it. */
  tidy(): void {
    if (this.#options.journal.bytes > this.#compactAtBytes) this.compact();
  }

  /**
   * Writes anew what the room does not hold, and cuts off what that makes needless: all but recent frames.
   *
   * @param erase whether what goes has to be gone from the disk too
   */
  compact(erase = false): void {
    const { journal, committer, recent, unsettled, run } = this.#options;
    const records: JournalRecord[] = unsettled.all().flatMap((work) =>
      partsOf(work).map(({ wire }) => ({
        kind: 'checkpoint' as const,
        key: '',
        run,
        seq: recent.seq,
        user: work.user,
        body: wire,
      })),
    );
    const numbers = records.map((record) => journal.append(record));
    const last = numbers[0] === undefined ? Number.MAX_SAFE_INTEGER : numbers[0] - 1;
    journal.cut({ kind: 'checkpoint', through: last, erase });
    const frames = (recent.oldestRecord ?? Number.MAX_SAFE_INTEGER) - 1;
    journal.cut({ kind: 'patch', through: frames });
    journal.cut({ kind: 'retract', through: frames });
    this.#compactAtBytes = Math.max(LEAST_COMPACTED_BYTES, journal.bytes * 2);
    committer.want();
  }

  /** Forgets the recent frames, in which there may be what was purged. */
  forget(): void {
    this.#options.recent.forget();
    this.compact(true);
  }

  #restoreOne(record: KeptRecord): boolean {
    const { recent } = this.#options;
    const { kind, run, seq } = record;
    if (kind === 'run') {
      recent.restoreEnd({ run, seq });
      return true;
    }
    if (kind === 'document') return true;
    const patch = readWirePatch(record.body);
    if (patch === null) return false;
    this.#join(record, patch);
    if (kind !== 'checkpoint') recent.restore({ run, seq }, messageOf(record), record.number);
    return true;
  }

  #join({ kind, user }: KeptRecord, patch: Patch): void {
    const { world, actors } = this.#options;
    if (kind === 'retract') {
      for (const layer of layersOf(entriesOf(patch))) world.retract(layer);
      return;
    }
    if (user !== null) for (const { register } of entriesOf(patch)) actors.see(register.stamp.actor, user);
    world.hear(patch);
  }
}

/** As those get it who come back: it is nobody's who is connected, and has no number in this run. */
function messageOf({ kind, user, body }: KeptRecord): Uint8Array {
  return kind === 'retract'
    ? encodeFrame({ type: 'retract', seq: 0, patch: body })
    : encodeFrame({ type: 'patch-down', seq: 0, session: 0, user, committed: 0, patch: body });
}
