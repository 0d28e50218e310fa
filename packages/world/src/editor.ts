import {
  type ComposedEdit,
  type ComposedMerge,
  type Contribution,
  composeContribution,
  composeEdit,
  composeEpoch,
  composeMerge,
  composeRestore,
  type EditAccess,
  type EditDraft,
  History,
  type ObjectId,
  type ObjectRegisters,
  type Origin,
  type Patch,
  type RandomBytes,
  type Replica,
  type Restored,
  type Settled,
  type Synchronous,
  type Turn,
  type UserId,
  WeftError,
} from '@weft/core';
import { HomeserverError, OBJECT_EVENT, type RoomProblem, type RoomSession } from '@weft/matrix';
import { type Edit, EditTracker, type IsDirty, type Progress } from './edits.ts';
import { type RestoreRequest, restoreOptions } from './history/restore-request.ts';
import { refusalOf } from './permission.ts';

export interface EditorPorts {
  readonly session: Pick<RoomSession, 'standing' | 'write' | 'journal'>;
  /** Why the world is not kept on this device, as a sentence; `null` where it is. */
  readonly notKept: () => string | null;
  readonly replica: Replica;
  readonly userId: UserId;
  readonly random: RandomBytes;
  /** Whether a relay is live, which brings to the room what this user may do and not write there. */
  readonly isCarried: () => boolean;
  /** Brings an edit to those who are there; this replica shows it right after. */
  readonly send: (patch: Patch) => void;
}

/** The writing side of a world: composes edits, remembers them for undo, and follows each to its end. */
export class Editor {
  readonly #ports: EditorPorts;
  readonly #history: History;
  readonly #tracker = new EditTracker();
  #closed = false;

  constructor(ports: EditorPorts) {
    this.#ports = ports;
    this.#history = new History(ports.replica);
  }

  get canUndo(): boolean {
    return this.#history.canUndo;
  }

  get canRedo(): boolean {
    return this.#history.canRedo;
  }

  /** All or nothing: what throws has changed nothing. */
  edit<T>(
    name: string,
    fn: (draft: EditDraft) => Synchronous<T>,
    coalesce?: string | undefined,
  ): Edit<Synchronous<T>> {
    const { patch, value, before } = this.#compose(name, fn);
    this.#history.record(name, patch, before, coalesce);
    return { name, value, ids: [...patch.objects.keys()], ...this.#write(name, patch, 'local') };
  }

  /** Composes an edit and forgets it. */
  check<T>(fn: (draft: EditDraft) => Synchronous<T>): {
    readonly value: Synchronous<T>;
    readonly ids: readonly ObjectId[];
    readonly patch: Patch;
  } {
    const { patch, value } = this.#compose('check an edit', fn);
    return { value, ids: [...patch.objects.keys()], patch };
  }

  /** Joins what a file holds. It is no step of undo: what others wrote elsewhere is not this user's to take back. */
  merge(name: string, file: Patch): Edit<ComposedMerge> {
    const { value, ids } = this.checkMerge(name, file);
    return { name, value, ids, ...this.#write(name, value.patch, 'import') };
  }

  /** Composes a merge and forgets it. */
  checkMerge(name: string, file: Patch): Pick<Edit<ComposedMerge>, 'value' | 'ids'> {
    this.assertWritable(name);
    const value = composeMerge(this.#ports.replica, this.#access(), file);
    return { value, ids: [...value.patch.objects.keys()] };
  }

  /** Sets back what was: one edit, and one step of undo. */
  restore(request: RestoreRequest): Edit<Restored> {
    const { name, patch, value, before } = this.#composeRestore(request);
    this.#history.record(name, patch, before, undefined);
    return { name, value, ids: value.ids, ...this.#write(name, patch, 'local') };
  }

  /** Composes a restoring edit and forgets it. */
  checkRestore(request: RestoreRequest): Restored {
    return this.#composeRestore(request).value;
  }

  /** Saves a contribution to a document. It is no step of undo: a document has its own. @throws as `edit` */
  contribute(object: ObjectId, contribution: Pick<Contribution, 'slot' | 'update'>): void {
    this.#write(
      'type',
      composeContribution(this.#ports.replica, this.#access(), object, contribution),
      'local',
    );
  }

  /** Begins another epoch of a document. @throws as `edit` */
  beginEpoch(object: ObjectId, epoch: string): void {
    this.assertWritable('begin a document anew');
    this.#write('begin anew', composeEpoch(this.#ports.replica, this.#access(), object, epoch), 'local');
  }

  /**
   * @returns the objects that it changed; `null` where nothing is left to take back, or to do again
   * @throws WeftError as `History.undo` does
   */
  turn(turn: Turn): readonly ObjectId[] | null {
    const refusal = this.#refusal(turn);
    if (refusal !== null && !this.#isCarried(refusal)) throw refusal;
    const patch = this.#history[turn](this.#access());
    if (patch === null) return null;
    void this.#write(turn, patch, 'undo');
    return [...patch.objects.keys()];
  }

  skipRefused(): boolean {
    return this.#history.skipRefused();
  }

  /** A relay's journal holds these registers. */
  hold(registers: ObjectRegisters): void {
    this.#tracker.hold(registers);
  }

  settle(settled: readonly Settled[]): void {
    this.#tracker.settle(settled, this.#isDirty());
  }

  refuse(registers: ObjectRegisters, error: Error): void {
    this.#tracker.refuse(registers, this.#isDirty(), error);
  }

  /** Tells those who wait for what will not be saved by itself. It stays here, unsaved. */
  stuck({ carrier, error }: RoomProblem): void {
    if (!(error instanceof HomeserverError) || error.retry) return;
    const { replica } = this.#ports;
    const stuck = [...replica.dirty()].filter(
      ([id]) => carrier === `${OBJECT_EVENT}/${id}` || ENDS_ALL.has(error.code),
    );
    this.#tracker.refuse(new Map(stuck), () => false, error);
  }

  /** What left the scene for good must not come back by undo. */
  forgetPurged(ids: readonly ObjectId[]): void {
    for (const id of ids) if (this.#ports.replica.purgeOf(id) !== null) this.#history.forget(id);
  }

  /** From now on every edit is refused; those on their way go on. */
  end(): void {
    this.#closed = true;
  }

  /** Fails what is still on its way. */
  close(): void {
    this.#tracker.close();
  }

  /** @throws WeftError `closed`, `read-only`, `forbidden` */
  assertWritable(what: string): void {
    const refusal = this.#refusal(what);
    if (refusal !== null) throw refusal;
  }

  /** Why the room takes nothing from this user. @throws WeftError `closed` */
  #refusal(what: string): WeftError | null {
    const { session, userId } = this.#ports;
    if (this.#closed) throw closed(what);
    return refusalOf(session.standing, userId, what);
  }

  #isDirty(): IsDirty {
    const dirty = this.#ports.replica.dirty();
    return (id, path) => dirty.get(id)?.has(path) === true;
  }

  /** Whether a relay may bring there what the role of this user allows. */
  #isCarried(refusal: WeftError): boolean {
    return refusal.code === 'forbidden' && this.#ports.isCarried();
  }

  /** Whoever may not write to the room may do what a relay brings there for them, while there is one. */
  #compose<T>(name: string, fn: (draft: EditDraft) => Synchronous<T>): ComposedEdit<Synchronous<T>> {
    const { replica, random } = this.#ports;
    const refusal = this.#refusal(name);
    if (refusal !== null && refusal.code !== 'forbidden') throw refusal;
    const composed = withRefusal(refusal, () => composeEdit(replica, this.#access(), random, fn));
    if (refusal !== null && !this.#isCarried(refusal))
      throw composed.patch.objects.size === 0 ? refusal : notCarried(name);
    return composed;
  }

  #write(name: string, patch: Patch, origin: Origin): Progress & Pick<Edit<void>, 'kept'> {
    const { session, send } = this.#ports;
    // Followed first: a twin of a homeserver may answer within the call.
    const progress = this.#tracker.follow(name, patch);
    // What whoever listens here makes of it may take a frame's time: others need not wait for that.
    send(patch);
    session.write(patch, origin);
    return { ...progress, kept: this.#kept(name) };
  }

  #kept(name: string): Promise<void> {
    const { session, notKept } = this.#ports;
    const kept = session.journal?.kept() ?? Promise.reject(unkept(name, notKept()));
    // Whoever does not wait for it sees it in the status.
    kept.catch(() => undefined);
    return kept;
  }

  #composeRestore(request: RestoreRequest): ComposedEdit<Restored> & { readonly name: string } {
    const name = request.name ?? 'restore';
    this.assertWritable(name);
    return { name, ...composeRestore(this.#ports.replica, this.#access(), restoreOptions(request)) };
  }

  #access(): EditAccess {
    const { session, userId } = this.#ports;
    return { userId, level: session.standing.level };
  }
}

/** What the role does not allow is refused with whom to ask. */
function withRefusal<T>(refusal: WeftError | null, compose: () => T): T {
  try {
    return compose();
  } catch (error) {
    const isRole = error instanceof WeftError && error.code === 'read-only';
    throw isRole && refusal !== null ? refusal : error;
  }
}

function notCarried(what: string): WeftError {
  return new WeftError('read-only', {
    what,
    expected: 'a live relay, which brings to the room what visitors may do',
    got: 'none',
    hint: 'Try again when the world is on a relay; world.status tells.',
  });
}

/** After these nothing more is written by this session. */
const ENDS_ALL: ReadonlySet<string> = new Set(['unknown-token', 'closed']);

function unkept(name: string, reason: string | null): WeftError {
  return new WeftError('not-kept', {
    what: `keep "${name}" on this device`,
    expected: 'a world that is opened with a store',
    got: reason ?? 'one without',
    hint: 'Wait for edit.durable instead, or open the world with the option "store".',
    by: 'developer',
  });
}

function closed(what: string): WeftError {
  return new WeftError('closed', {
    what,
    expected: 'an open world',
    got: 'one that was closed',
    hint: 'Open the world again.',
    by: 'developer',
  });
}
