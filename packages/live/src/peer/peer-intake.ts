import {
  type ActorId,
  Actors,
  type EditAccess,
  entriesOf,
  Intake,
  type IntakeRefusal,
  isPersonalObjectId,
  mayStillWrite,
  type ObjectId,
  type Patch,
  patchOf,
  type RegisterEntry,
  type Replica,
  ROLE_LEVELS,
  type UserId,
  WeftError,
} from '@weft/core';
import { MAX_MESSAGE_CHARACTERS, MAX_PEER_PROBLEMS, type PeerProblem } from '@weft/protocol';
import { editsOf, registersOf } from '../lane/patches.ts';
import type { LaneReplica } from '../lane-replica.ts';
import type { PeerMail } from './peer-mail.ts';
import { TakenBack } from './taken-back.ts';

/** Registers of peers that the room does not hold yet; what is beyond is left to the room. */
export const MAX_OVERHEARD_REGISTERS = 16_384;
/** Edits of one message that are judged one by one, where they are refused together. */
export const MAX_JUDGED_EDITS = 64;

export interface PeerIntakeOptions {
  readonly replica: Replica;
  readonly lane: Pick<LaneReplica, 'overhear' | 'retractLive'>;
  /** The corrected clock. */
  readonly now: () => number;
  readonly access: PeerMail['access'];
}

/** What peers say: judged as a relay does, shown where it holds, and held to what its authors may do from then on. */
export class PeerIntake {
  readonly #options: PeerIntakeOptions;
  readonly #intake: Intake;
  readonly #actors: Actors;
  readonly #takenBack = new TakenBack();
  /** The level at which somebody's work was judged last; it need not be judged again while they have no less. */
  #judged = new Map<UserId, number>();
  /** At least as many registers as there are: counted anew when that is too many. */
  #count = 0;

  constructor(options: PeerIntakeOptions) {
    const { replica, now } = options;
    this.#options = options;
    this.#actors = new Actors((actor) => replica.usersOf(actor));
    this.#intake = new Intake({
      replica,
      now,
      alsoCheck: (id, _, { access }) => {
        if (!canBring(access, id)) throw stranded(id);
      },
    });
  }

  /** Somebody says who they are in this run. @returns whether they may be */
  introduce(actor: ActorId, user: UserId): boolean {
    if (!this.#mayBe(actor, user)) return false;
    this.#actors.see(actor, user);
    return true;
  }

  /**
   * Shows what is allowed of a patch: all of it, or where it is not allowed as a whole those of its edits that are.
   *
   * @returns why not the rest, at most 8 reasons
   */
  take(patch: Patch, access: EditAccess): readonly PeerProblem[] {
    const news = patchOf({
      registers: [...entriesOf(patch)].filter((entry) => !this.#takenBack.has(entry)),
      actors: patch.actors,
    });
    const refusals = this.#tryOne(news, access);
    if (refusals.length === 0) return [];
    const edits = editsOf(news);
    if (edits.length < 2 || edits.length > MAX_JUDGED_EDITS) return problemsOf(refusals);
    return problemsOf(edits.flatMap((edit) => this.#tryOne(edit, access)));
  }

  /** An author takes back own registers: they are dropped, and not taken in again. */
  takeBack(patch: Patch, user: UserId): void {
    const { replica, lane } = this.#options;
    const own = [...entriesOf(patch)].filter(
      ({ id, path, register }) =>
        this.#mayBe(register.stamp.actor, user) && !replica.base.dominates(id, path, register),
    );
    for (const entry of own) {
      this.#actors.see(entry.register.stamp.actor, user);
      this.#takenBack.add(entry);
    }
    // One property may come with several registers over time, one patch holds each once.
    if (own.length > 0) lane.retractLive(registersOf(patchOf({ registers: own })));
  }

  /** Members or power levels changed: what those who may do less may not write any more is dropped, and what it hid alike. */
  review(): void {
    const { access, replica } = this.#options;
    const levels = new Map<UserId, number>();
    for (const { user } of this.#overheard()) {
      const now = user === null ? null : access(user);
      if (now !== null) levels.set(now.userId, now.level);
    }
    const mayLess = (user: UserId): boolean => {
      const [now, before] = [levels.get(user), this.#judged.get(user)];
      return now === undefined || before === undefined || now < before;
    };
    const isForbidden = ({ user, entry }: Overheard): boolean => {
      if (user === null || !mayLess(user)) return false;
      const now = access(user);
      return now === null || !canBring(now, entry.id) || !mayStillWrite(replica, now, entry);
    };
    this.#dropWhile(isForbidden);
    this.#judged = levels;
  }

  /** Drops what nobody stands behind any more. @param isHere whether somebody who may have said it is there */
  sweep(isHere: (actor: ActorId) => boolean): void {
    this.#dropWhile(({ entry }) => !isHere(entry.register.stamp.actor));
  }

  #tryOne(patch: Patch, access: EditAccess): readonly IntakeRefusal[] {
    // What comes twice is judged once: it may be somebody's by now to whom its author has no say.
    if (patch.objects.size === 0 || this.#intake.isKnown(patch)) return [];
    const author = { access, mayBe: (actor: ActorId) => this.#mayBe(actor, access.userId) };
    const refusals = this.#intake.refusals(patch, author);
    if (refusals.length > 0) return refusals;
    const full = this.#full(patch);
    if (full !== null) return [full];
    for (const { register } of entriesOf(patch)) this.#actors.see(register.stamp.actor, access.userId);
    this.#judged.set(access.userId, access.level);
    this.#options.lane.overhear(patch);
    return [];
  }

  /** Nobody else writes as this client; and nobody as a user, which stands for events without stamps. */
  #mayBe(actor: ActorId, user: UserId): boolean {
    return actor !== this.#options.replica.clock.actor && this.#actors.mayBe(actor, user);
  }

  #full(patch: Patch): IntakeRefusal | null {
    const count = [...entriesOf(patch)].length;
    if (this.#count + count > MAX_OVERHEARD_REGISTERS) this.#count = [...this.#overheard()].length;
    this.#count += count;
    const [id] = patch.objects.keys();
    if (this.#count <= MAX_OVERHEARD_REGISTERS || id === undefined) return null;
    this.#count -= count;
    const error = new WeftError('limit', {
      what: 'take in an edit of a peer',
      expected: `at most ${MAX_OVERHEARD_REGISTERS} registers that the room does not hold`,
      got: `${count} more`,
      hint: 'The room brings it.',
    });
    return { id, path: null, error };
  }

  *#overheard(): Generator<Overheard> {
    for (const entry of entriesOf(this.#options.replica.overheardPatch()))
      yield { entry, user: this.#actors.userOf(entry.register.stamp.actor) ?? null };
  }

  /** What comes up from under what is dropped is looked at too. */
  #dropWhile(isDropped: (overheard: Overheard) => boolean): void {
    for (;;) {
      const dropped = [...this.#overheard()].filter(isDropped).map(({ entry }) => entry);
      if (dropped.length === 0) return;
      this.#options.lane.retractLive(registersOf(patchOf({ registers: dropped })));
    }
  }
}

interface Overheard {
  readonly entry: RegisterEntry;
  /** Who wrote it; `null` where that is disputed. */
  readonly user: UserId | null;
}

/** Whether what somebody writes of an object can get into the room: among peers nobody brings it there for them. */
export function canBring({ level }: EditAccess, id: ObjectId): boolean {
  return level >= ROLE_LEVELS.builder || isPersonalObjectId(id);
}

function stranded(id: ObjectId): WeftError {
  return new WeftError('read-only', {
    what: `change ${id}`,
    expected: 'somebody who may write it to the room, since no relay does it for them',
    got: 'a visitor',
    hint: 'Wait for a relay, or ask an owner of the world for the role of a builder.',
    path: id,
    by: 'owner',
  });
}

function problemsOf(refusals: readonly IntakeRefusal[]): readonly PeerProblem[] {
  return refusals.slice(0, MAX_PEER_PROBLEMS).map(({ id, path, error }) => ({
    id,
    path,
    code: error.code,
    // A cut may go through a pair of surrogates.
    message: error.message.slice(0, MAX_MESSAGE_CHARACTERS).toWellFormed().replaceAll('\0', '\ufffd'),
  }));
}
