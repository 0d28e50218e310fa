import {
  type ChangeSet,
  Emitter,
  isEmptyChange,
  type ObjectRegisters,
  type Origin,
  type Patch,
  quarantineHorizon,
  type Refuser,
  type Replica,
  type WeftError,
} from '@weft/core';
import { BLOB_PATIENCE_MS, BlobShelf, type UnreadCarrier } from '../blob/blob-shelf.ts';
import { wantedBlobs } from '../blob/wanted-blobs.ts';
import type { HomeserverError } from '../errors.ts';
import type { Collector } from '../guard/collector.ts';
import type { Repairs } from '../guard/repairs.ts';
import { type Verification, verify } from '../guard/verification.ts';
import type { Homeserver, RoomUpdate } from '../homeserver.ts';
import type { RoomId } from '../ids.ts';
import type { Journal } from '../journal/journal.ts';
import type { RequestOptions, StateContent } from '../request.ts';
import type { RoomEvent } from '../room-event.ts';
import type { Stop, Timers } from '../timers.ts';
import { worldStateOf } from '../upgrade/world-state.ts';
import type { WriteCost } from '../writer/cost.ts';
import type { Writer } from '../writer/writer.ts';
import { flushEdits } from './flush-edits.ts';
import { KeptRoom } from './kept-room.ts';
import { OwnStanding } from './own-standing.ts';
import { partDirty } from './part-dirty.ts';
import { Pipeline } from './pipeline.ts';
import { ProblemLog } from './problem-log.ts';
import { ReleaseTimer } from './release-timer.ts';
import { roomCollector } from './room-collector.ts';
import { RoomLane } from './room-lane.ts';
import { RoomLink } from './room-link.ts';
import { RoomModel } from './room-model.ts';
import type { RoomSessionEvents, RoomSessionOptions } from './session-events.ts';
import { sessionRepairs } from './session-repairs.ts';
import { sessionWriter } from './session-writer.ts';
import {
  type Applied,
  GAP,
  type Prepared,
  prepareBlob,
  prepareReading,
  prepareTold,
  prepareUpdate,
  type RoomProblem,
} from './stages.ts';
import type { Standing } from './standing.ts';
import { StateReader, type StateReading } from './state-reader.ts';
import { takeMembers } from './take-members.ts';
import { prepareContents } from './take-up.ts';

/** One room, followed and written to. Made by `openRoom`. */
export class RoomSession {
  readonly room: RoomId;
  /** Where a lane brings what it hears. */
  readonly lane: RoomLane;
  readonly #homeserver: Homeserver;
  readonly #replica: Replica;
  readonly #timers: Timers;
  /** `null` for a client that is no guardian. */
  readonly #collector: Collector | null;
  readonly #model: RoomModel;
  readonly #blobs: BlobShelf;
  readonly #writer: Writer;
  readonly #repairs: Repairs;
  readonly #stateReader: StateReader;
  readonly #pipeline: Pipeline;
  readonly #link: RoomLink;
  readonly #kept: KeptRoom;
  readonly #release: ReleaseTimer;
  readonly #standing: OwnStanding;
  readonly #problems: ProblemLog;
  readonly #events: Emitter<RoomSessionEvents>;
  #connection: 'online' | 'offline' = 'offline';
  #closed = false;

  constructor(options: RoomSessionOptions) {
    const { homeserver, room, replica, timers, fraction, isUnchanged } = options;
    this.room = room;
    this.#homeserver = homeserver;
    this.#replica = replica;
    this.#timers = timers;
    this.#blobs = new BlobShelf({
      homeserver,
      fetchBlob: options.fetchBlob ?? null,
      kept: { read: (hash) => this.#kept.readBlob(hash), keep: (...blob) => this.#kept.keepBlob(...blob) },
      timers,
      fraction,
      arrived: (pointer) => void this.#pipeline.take('a blob', () => prepareBlob(this.#model, pointer)),
      failed: ({ carrier, reason }) =>
        this.#problems.report({ carrier, path: 'blob', reason: reason ?? '', error: null }),
      changed: () => this.#events.emit('incomplete', this.incomplete),
    });
    this.#model = new RoomModel(() => quarantineHorizon(this.#serverNow()), this.#blobs.lookUp);
    this.#standing = new OwnStanding({
      ...{ model: this.#model, user: homeserver.userId },
      changed: (standing) => {
        this.#writer.forgetDenials();
        this.#events.emit('standing', standing);
      },
    });
    this.#problems = new ProblemLog((problem) => this.#events.emit('problem', problem));
    this.#events = new Emitter({
      failed: (error) => this.#problems.failed('a listener', 'it threw', error),
      held: ['settled', 'refused'],
    });
    this.#kept = new KeptRoom({
      ...{ model: this.#model, replica, user: homeserver.userId },
      changed: (kept) => this.#onJournal(kept),
    });
    const dirty = () => partDirty(replica, this.#standing.value, homeserver.userId);
    this.lane = new RoomLane({
      replica,
      events: this.#events,
      kept: this.#kept,
      wake: () => this.#writer.wake(),
      refused: (registers, error) => this.#onRefused(registers, error, 'relay'),
      carried: () => dirty().carried,
    });
    this.#release = new ReleaseTimer({
      ...{ replica, timers, room: this.#model, kept: this.#kept, events: this.#events },
      serverNow: () => this.#serverNow(),
      purged: (ids) => this.#writer.purge(ids),
      released: (change) => this.#onChange(change),
    });
    this.#pipeline = new Pipeline({
      model: this.#model,
      replica,
      journal: () => this.#kept.journal,
      applied: (prepared, applied) => this.#onApplied(prepared, applied),
      failed: (what, error) => {
        this.#problems.failed(what, 'It could not be taken in; the state is read again.', error);
        this.#stateReader.request();
      },
    });
    this.#stateReader = new StateReader({
      timers,
      fraction,
      request: (signal) => homeserver.readState(room, { signal }),
      done: (reading) => this.#onReading(reading),
      ended: (askedAtMs) => this.#link.read(askedAtMs),
      failed: (error) => {
        this.#problems.failed('the state of the room', error.message, error);
        if (error.code !== 'forbidden') return;
        // Whoever may not read the state is out of the room: nothing of theirs will ever show in it.
        this.#standing.shutOut();
        this.#onRefused(this.#repairs.with(this.#replica.dirty()), error);
      },
      isUnchanged: isUnchanged === undefined ? null : (signal) => isUnchanged(this.#model.digest(), signal),
    });
    const known = { model: this.#model, pipeline: this.#pipeline, problems: this.#problems };
    this.#link = new RoomLink({
      ...{ homeserver, room, timers, fraction },
      listener: {
        update: (update) => this.#onUpdate(update),
        connection: (...news) => this.#onConnection(...news),
      },
      stateReader: this.#stateReader,
      idle: () => this.#pipeline.idle,
      caughtUp: () => this.#writer.online(),
      connected: async (request) => {
        this.#writer.wake();
        await Promise.all([
          takeMembers({ homeserver, room, ...known }, request),
          this.#blobs.settled(BLOB_PATIENCE_MS),
        ]);
      },
    });
    this.#repairs = sessionRepairs(options, {
      model: this.#model,
      standing: () => this.#standing.value,
      due: (ids) => {
        this.#events.emit('repair', ids);
        this.#writer.wake();
      },
      read: () => this.#stateReader.request(),
    });
    this.#writer = sessionWriter(options, {
      ...{ model: this.#model, blobs: this.#blobs, kept: this.#kept },
      ...{ events: this.#events, problems: this.#problems },
      standing: () => this.#standing.value,
      serverNow: () => this.#serverNow(),
      ready: () => this.#link.isCurrent,
      dirty: () => this.#repairs.with(dirty().own),
      refused: (registers, error) => this.#onRefused(registers, error),
      unseen: () => this.#stateReader.request(),
    });
    this.#collector = roomCollector(options, {
      model: this.#model,
      blobs: this.#blobs,
      checkpoint: () => this.checkpoint(),
      rejoin: (event) => void this.#pipeline.take('a blanked bundle', () => prepareTold(this.#model, event)),
      problem: (reason, error) => this.#problems.failed('collecting', reason, error),
    });
  }

  /** What this device keeps of the room; `null` where it keeps nothing. */
  get journal(): Journal | null {
    return this.#kept.journal;
  }

  get standing(): Standing {
    return this.#standing.value;
  }

  /** The current state events, all or those of a type. Cost: the state that is known. */
  state(type?: string): readonly RoomEvent[] {
    return type === undefined ? this.#model.events() : [...this.#model.all(type)];
  }

  /** What the world says of itself and demands of its objects. */
  worldState(): readonly StateContent[] {
    return worldStateOf(this.#model.events());
  }

  /** The newest problems, those from before anybody could listen included. */
  get problems(): readonly RoomProblem[] {
    return this.#problems.problems;
  }

  get connection(): 'online' | 'offline' {
    return this.#connection;
  }

  /** Carriers of the room that cannot be read yet, since their blobs were not fetched: it may hold more than is shown. */
  get incomplete(): readonly UnreadCarrier[] {
    return this.#blobs.unread;
  }

  /** Objects with edits that the room does not hold yet. */
  get unsaved(): number {
    return this.#writer.unsaved;
  }

  on<Name extends keyof RoomSessionEvents>(
    name: Name,
    listener: (value: RoomSessionEvents[Name]) => void,
  ): Stop {
    return this.#events.on(name, listener);
  }

  /** Joins an edit into the replica, tells of it, and sees to it that it is saved. */
  write(patch: Patch, origin: Origin): ChangeSet {
    const change = this.#replica.write(patch, origin);
    this.#kept.edited(patch);
    this.#onChange(change);
    return change;
  }

  /** Saves without waiting for objects to come to rest. Resolves when nothing is unsaved, or at the signal. */
  async flush(options: RequestOptions = {}): Promise<{ readonly unsaved: number }> {
    await flushEdits(this.#writer, this.#events, () => this.#closed, options.signal);
    return { unsaved: this.unsaved };
  }

  /**
   * Writes a layer of all that this client knows: stewards only. Costs an upload of the whole world.
   * @throws HomeserverError `forbidden`, `incomplete`, `closed`, and as uploads fail
   */
  checkpoint(): Promise<void> {
    return this.#writer.checkpoint();
  }

  /** Reads the state anew and compares with it all that this client ever had from the room. @throws HomeserverError */
  async verify(): Promise<Verification> {
    await this.#stateReader.readNow();
    return verify(this.#replica, this.#model.patches(), () => this.#serverNow());
  }

  /** What it would cost to save a patch that is not written yet. */
  cost(patch: Patch): WriteCost {
    return this.#writer.cost(patch);
  }

  /** Stops following and writing; what is unsaved stays in the replica. A client that was handed in goes on. */
  close(): { readonly unsaved: number } {
    this.#closed = true;
    for (const part of [this.#link, this.#pipeline, this.#stateReader, this.#writer]) part.stop();
    for (const part of [this.#repairs, this.#collector, this.#blobs, this.#release]) part?.stop();
    this.#events.clear();
    return { unsaved: this.unsaved };
  }

  /** Begins to follow the room; resolves when its state was read, and its blobs within 10 s. @throws HomeserverError */
  start(options: RequestOptions): Promise<void> {
    return this.#link.connect(options);
  }

  /**
   * The same for a room of which a journal told. Resolves when the homeserver cannot be reached, or after this time, too:
   * it is then tried again until it answers.
   *
   * @throws HomeserverError where waiting would not help
   */
  async startKnown(patienceMs: number, options: RequestOptions): Promise<void> {
    await this.#link.connectWithin(patienceMs, options);
    await this.#blobs.settled(BLOB_PATIENCE_MS);
  }

  /** Takes up what a journal holds, and writes there from now on. Also later, where the store was not free at first. */
  attach(journal: Journal): void {
    const { contents } = journal;
    this.#kept.read(journal);
    const isFirst = !this.#link.isWhole && journal.tells;
    if (contents !== null) {
      if (isFirst) this.#link.reached(contents.head);
      void this.#pipeline.take('the journal', () => prepareContents(this.#model, contents, isFirst));
      this.#onChange(this.#kept.resume(contents));
    }
    this.#kept.begin(journal, this.#link.isWhole && !isFirst ? this.#link.known : null, isFirst);
    if (contents !== null && contents.pending.objects.size > 0) this.#events.emit('resumed', null);
  }

  #onUpdate(update: RoomUpdate): void {
    this.#stateReader.note(update);
    this.#events.emit('update', update);
    this.#standing.told(update);
    const place = this.#link.placeOf(update);
    const prepare = () => prepareUpdate(this.#model, update, this.#replica.recentSources);
    void this.#pipeline.take('an update', prepare, place, () => this.#link.reached(place));
  }

  #onReading(reading: StateReading): Promise<void> {
    this.#standing.shown();
    const place = { token: null, readMs: Math.floor(this.#timers.now()) };
    const prepare = () => prepareReading(this.#model, this.#replica, reading);
    return this.#pipeline.take('the state of the room', prepare, place, () => {
      this.#link.reached(place);
      this.#repairs.checkAll(reading.askedAtMs);
      this.#collector?.round();
      this.#writer.read(reading.askedAtMs);
    });
  }

  #onApplied(prepared: Prepared, applied: Applied): void {
    this.#emit(prepared, applied);
    this.#followUp(prepared);
    this.#kept.settled();
  }

  /** An edit, or something else that did not come from the room. */
  #onChange(change: ChangeSet): void {
    if (!isEmptyChange(change)) this.#events.emit('change', change);
    this.#release.schedule();
    this.#writer.wake();
    this.#kept.settled();
  }

  #emit(prepared: Prepared, { change, settled, touched }: Applied): void {
    this.#blobs.want(wantedBlobs(this.#model.unread));
    this.#repairs.check(touched);
    this.#writer.purge([...touched.keys()].filter((id) => this.#replica.purgeOf(id) !== null));
    this.#writer.refresh();
    this.#standing.follow(prepared.steps);
    if (!isEmptyChange(change)) this.#events.emit('change', change);
    if (settled.length > 0) this.#events.emit('settled', settled);
    for (const problem of prepared.problems) this.#problems.report(problem);
  }

  #followUp({ rereadFor, seen }: Prepared): void {
    if (rereadFor.length > 0 && this.#link.isWhole)
      this.#stateReader.request(rereadFor.every((reason) => reason === GAP) ? 'gap' : 'doubt');
    this.#release.schedule();
    this.#writer.shown(seen);
  }

  #onConnection(connection: 'online' | 'offline', reason: HomeserverError | null): void {
    if (this.#connection !== connection) {
      this.#connection = connection;
      this.#events.emit('connection', connection);
    }
    if (reason !== null && !reason.retry) this.#problems.failed('the connection', reason.message, reason);
  }

  #onRefused(registers: ObjectRegisters, error: HomeserverError | WeftError, by: Refuser = 'room'): void {
    if (registers.size === 0) return;
    this.#repairs.giveUp(registers);
    const change = this.#replica.refuse(registers, by);
    this.#writer.refresh();
    if (!isEmptyChange(change)) this.#events.emit('change', change);
    this.#events.emit('refused', { ids: [...registers.keys()], registers, error });
    this.#kept.settled();
  }

  #serverNow(): number {
    return this.#timers.now() + this.#homeserver.serverOffsetMs();
  }

  #onJournal(journal: Journal): void {
    if (journal.trouble !== null)
      this.#problems.failed('this device', `Not kept here: ${journal.trouble.message}`, journal.trouble);
    this.#events.emit('kept', journal);
  }
}
