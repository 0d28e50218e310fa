import {
  type ActorId,
  type Actors,
  type Intake,
  type IntakeRefusal,
  isPersonalObjectId,
  type ObjectId,
  type Patch,
  WeftError,
} from '@weft/core';
import type { WirePatch } from '@weft/protocol';
import type { LaneJournal } from '../journal/lane-journal.ts';
import type { Adoption } from './adoption.ts';
import type { Committer } from './committer.ts';
import type { LaneAuthor } from './lane-author.ts';
import type { LaneWorld } from './lane-world.ts';
import type { RoomLimits } from './room-limits.ts';
import type { Standings } from './standings.ts';
import type { Stream } from './stream.ts';
import type { Unsettled } from './unsettled.ts';

export interface WritesOptions {
  readonly world: Pick<LaneWorld, 'canAdopt' | 'mayWriteRoom'>;
  readonly intake: Intake<LaneAuthor>;
  readonly stream: Stream;
  readonly committer: Committer;
  readonly journal: LaneJournal;
  readonly unsettled: Unsettled;
  readonly actors: Actors;
  readonly adoption: Adoption;
  readonly standings: Standings;
  readonly limits: Pick<RoomLimits, 'maxLiveRegisters' | 'maxUncommittedBytes'>;
}

/** Takes patches of people and services: judges, tells everybody, keeps. */
export class Writes {
  readonly #options: WritesOptions;
  /** At least as many registers as the room does not hold: counted anew when that is too many. */
  #liveCount = 0;

  constructor(options: WritesOptions) {
    this.#options = options;
  }

  /**
   * @param kept called with its number once it outlives the relay
   * @returns why it is refused; empty where everybody was told
   */
  take(
    wire: WirePatch,
    patch: Patch,
    author: LaneAuthor,
    kept: (seq: number) => void,
  ): readonly IntakeRefusal[] {
    const { intake, stream, committer, actors, adoption, standings } = this.#options;
    const refusals = this.#refusals(patch, author);
    // What its author said before, on a socket that died, is there whatever they may do by now.
    if ((refusals.length === 0 || isOwn(patch, author)) && intake.isKnown(patch)) {
      const { seq } = stream;
      // What is said of it now has to wait for the journal all the same.
      committer.want(() => kept(seq));
      return [];
    }
    if (refusals.length > 0) return refusals;
    const unkept = this.#unkept(wire, patch);
    if (unkept !== null) return unkept;
    const user = author.access.userId;
    stream.tell(wire, patch, { user, session: author.session }, kept);
    standings.wrote(author.access);
    for (const actor of authorsOf(patch)) actors.see(actor, user);
    adoption.wrote(user, author.session === 0);
    return [];
  }

  #refusals(patch: Patch, author: LaneAuthor): readonly IntakeRefusal[] {
    const refusals = this.#options.intake.refusals(patch, author);
    return refusals.length > 0 ? refusals : (this.#stranded(patch, author) ?? refusals);
  }

  /** Why it would never get into the room: neither its author nor this relay may write there. */
  #stranded({ objects }: Patch, { access }: LaneAuthor): readonly IntakeRefusal[] | null {
    const { world } = this.#options;
    if (world.canAdopt || world.mayWriteRoom(access.userId)) return null;
    const id = [...objects.keys()].find((each) => !isPersonalObjectId(each));
    if (id === undefined) return null;
    const error = new WeftError('read-only', {
      what: `change ${id}`,
      expected: 'a relay that may write to the room for those who may not',
      got: 'one without the role of a builder',
      hint: 'Ask a steward to make the relay a builder.',
      by: 'steward',
    });
    return [{ id, path: null, error }];
  }

  /** Why there is no room for it; the author keeps it, and may try again. */
  #unkept(wire: WirePatch, patch: Patch): readonly IntakeRefusal[] | null {
    const { journal, limits, unsettled } = this.#options;
    const [id] = patch.objects.keys();
    if (id === undefined) return null;
    const waiting = journal.waitingBytes + wire.length;
    if (waiting > limits.maxUncommittedBytes)
      return [notKept(id, `at most ${limits.maxUncommittedBytes} bytes that wait for the disk`, waiting)];
    const count = this.#countOf(patch);
    if (this.#liveCount + count > limits.maxLiveRegisters) this.#liveCount = unsettled.count;
    if (this.#liveCount + count > limits.maxLiveRegisters)
      return [
        notKept(
          id,
          `at most ${limits.maxLiveRegisters} registers that the room does not hold`,
          this.#liveCount + count,
        ),
      ];
    this.#liveCount += count;
    return null;
  }

  #countOf(patch: Patch): number {
    let count = 0;
    for (const { registers } of patch.objects.values()) count += registers.size;
    return count;
  }
}

function isOwn(patch: Patch, author: LaneAuthor): boolean {
  for (const actor of authorsOf(patch)) if (!author.mayBe(actor)) return false;
  return true;
}

function authorsOf({ objects }: Patch): ReadonlySet<ActorId> {
  const authors = new Set<ActorId>();
  for (const { registers } of objects.values())
    for (const { stamp } of registers.values()) authors.add(stamp.actor);
  return authors;
}

function notKept(id: ObjectId, expected: string, got: number): IntakeRefusal {
  const error = new WeftError('not-kept', {
    what: 'keep an edit at the relay',
    expected,
    got: String(got),
    hint: 'It goes to the room without the relay; try again later.',
    by: 'operator',
  });
  return { id, path: null, error };
}
