import {
  type ChangeSet,
  isEmptyChange,
  type ObjectId,
  type ObjectRegisters,
  type Origin,
  type Patch,
  quarantineHorizon,
  type Replica,
} from '@weft/core';
import { BlobShelf, type UnreadCarrier } from '../blob/blob-shelf.ts';
import { wantedBlobs } from '../blob/wanted-blobs.ts';
import type { HomeserverError } from '../errors.ts';
import { OBJECT_EVENT } from '../event-types.ts';
import type { Collector } from '../guard/collector.ts';
import { Repairs } from '../guard/repairs.ts';
import type { Following, Homeserver, RequestOptions, RoomUpdate } from '../homeserver.ts';
import type { RoomId } from '../ids.ts';
import type { Stop, Timers } from '../timers.ts';
import type { WriteCost } from '../writer/cost.ts';
import { Writer } from '../writer/writer.ts';
import { isCarrierType } from './decode-carrier.ts';
import { Emitter } from './emitter.ts';
import { failureOf, withProblem } from './problem-log.ts';
import { coveredBy, roomCarried } from './room-carried.ts';
import { roomCollector } from './room-collector.ts';
import { RoomModel } from './room-model.ts';
import type { RoomSessionEvents, RoomSessionOptions } from './session-events.ts';
import {
  type Applied,
  GAP,
  type Prepared,
  prepareBlob,
  prepareReading,
  prepareUpdate,
  type RoomProblem,
  write,
} from './stages.ts';
import { barredBy, mayWrite, partOf, type Standing, standingOf } from './standing.ts';
import { StateReader, type StateReading } from './state-reader.ts';

/** One room, followed and written to. Made by `openRoom`. */
export class RoomSession {
  readonly room: RoomId;
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
  readonly #events: Emitter<RoomSessionEvents>;
  #standing: Standing;
  #problems: readonly RoomProblem[] = [];
  #connection: 'online' | 'offline' = 'offline';
  #following: Following | null = null;
  #stopRelease: Stop = () => {};
  #whole = false;
  #closed = false;

  constructor(options: RoomSessionOptions) {
    const { homeserver, room, replica, timers, fraction, rate, isUnchanged } = options;
    this.room = room;
    this.#homeserver = homeserver;
    this.#replica = replica;
    this.#timers = timers;
    this.#blobs = new BlobShelf({
      homeserver,
      fetchBlob: options.fetchBlob ?? null,
      timers,
      fraction,
      arrived: (pointer) => void this.#run('a blob', () => prepareBlob(this.#model, pointer)),
      failed: ({ carrier, reason }) =>
        this.#report({ carrier, path: 'blob', reason: reason ?? '', error: null }),
      changed: () => this.#events.emit('incomplete', this.incomplete),
    });
    this.#model = new RoomModel(() => quarantineHorizon(this.#serverNow()), this.#blobs.lookUp);
    this.#standing = standingOf(this.#model, homeserver.userId);
    this.#events = new Emitter((error) => this.#problem('a listener', 'it threw', error));
    this.#stateReader = new StateReader({
      timers,
      fraction,
      request: (signal) => homeserver.readState(room, { signal }),
      done: (reading) => this.#onReading(reading),
      failed: (error) => this.#problem('the state of the room', error.message, error),
      ...(isUnchanged === undefined
        ? {}
        : { isUnchanged: (signal: AbortSignal) => isUnchanged(this.#model.digest(), signal) }),
    });
    this.#repairs = new Repairs({
      room: this.#model,
      base: replica.base,
      isOwn: ({ stamp }) =>
        stamp.actor === replica.clock.actor || replica.usersOf(stamp.actor).has(homeserver.userId),
      user: homeserver.userId,
      part: () => partOf(this.#standing, homeserver.userId, this.#collector !== null),
      timers,
      fraction,
      due: (ids) => this.#onLoss(ids),
      read: () => this.#stateReader.request(),
    });
    this.#writer = new Writer({
      homeserver,
      room,
      replica,
      timers,
      fraction,
      dirty: () => this.#dirty(),
      barred: () => barredBy(this.#standing, room),
      extraOf: (id) => this.#model.object(id)?.extra ?? {},
      refused: (registers, error) => this.#onRefused(registers, error),
      stuck: (id, error) =>
        this.#problem(`${OBJECT_EVENT}/${id}`, `It cannot be saved: ${error.message}`, error),
      unseen: () => this.#stateReader.request(),
      failed: (error) => this.#problem('saving', error.message, error),
      restamped: (change) => this.#events.emit('change', change),
      rate,
      rights: { mayWrite: (type) => mayWrite(this.#model, homeserver.userId, type) },
      carried: roomCarried({
        model: this.#model,
        replica,
        user: homeserver.userId,
        now: () => this.#serverNow(),
      }),
      covers: () => coveredBy(this.#model),
      setHash: () => replica.setHash(),
      readsBlobs: false,
    });
    this.#collector =
      options.guardian !== true
        ? null
        : roomCollector(options, {
            model: this.#model,
            blobs: this.#blobs,
            checkpoint: () => this.checkpoint(),
            rejoin: (event) =>
              void this.#run('a bundle that was blanked', () =>
                prepareUpdate(this.#model, { ...NOTHING, timeline: [event] }),
              ),
            problem: (reason, error) => this.#problem('collecting', reason, error),
          });
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** The newest problems, those from before anybody could listen included. */
  get problems(): readonly RoomProblem[] {
    return this.#problems;
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
    if (!isEmptyChange(change)) this.#events.emit('change', change);
    this.#scheduleRelease();
    this.#writer.wake();
    return change;
  }

  /** Saves without waiting for objects to come to rest. Resolves when nothing is unsaved, or at the signal. */
  async flush(options: RequestOptions = {}): Promise<{ readonly unsaved: number }> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const check = (): void => {
      if (this.unsaved === 0 || this.#closed) resolve();
    };
    const stops = [this.on('settled', check), this.on('refused', check)];
    options.signal?.addEventListener('abort', () => resolve(), { once: true });
    if (options.signal?.aborted === true) resolve();
    this.#writer.hurry(true);
    check();
    await promise;
    this.#writer.hurry(false);
    for (const stop of stops) stop();
    return { unsaved: this.unsaved };
  }

  /**
   * Writes a layer of all that this client knows, for those who enter: stewards only. Costs an upload of the whole world.
   * Resolves when the homeserver took it.
   *
   * @throws HomeserverError `forbidden`, `closed`, and as uploads fail
   */
  checkpoint(): Promise<void> {
    return this.#writer.checkpoint();
  }

  /** What it would cost to save a patch that is not written yet. */
  cost(patch: Patch): WriteCost {
    return this.#writer.cost(patch);
  }

  /** Stops following and writing; what is unsaved stays in the replica. A client that was handed in goes on. */
  close(): { readonly unsaved: number } {
    this.#closed = true;
    this.#following?.stop();
    this.#stateReader.stop();
    this.#writer.stop();
    this.#repairs.stop();
    this.#collector?.stop();
    this.#blobs.stop();
    this.#stopRelease();
    this.#events.clear();
    return { unsaved: this.unsaved };
  }

  /**
   * Begins to follow the room, and resolves when its whole state was read, and its blobs, if they come within 10 s.
   *
   * @throws HomeserverError
   */
  async start(options: RequestOptions): Promise<void> {
    this.#following = await this.#homeserver.follow(
      this.room,
      {
        update: (update) => this.#onUpdate(update),
        connection: (connection, reason) => this.#onConnection(connection, reason),
      },
      options,
    );
    if (!this.#whole) await this.#stateReader.readNow();
    this.#stateReader.start();
    await Promise.all([this.#readMembers(options), this.#blobs.settled(BLOB_PATIENCE_MS)]);
  }

  #onUpdate(update: RoomUpdate): void {
    this.#stateReader.note(update);
    const done = this.#run('an update', () => prepareUpdate(this.#model, update));
    if (done && update.complete) this.#whole = true;
  }

  #onReading(reading: StateReading): void {
    const done = this.#run('the state of the room', () =>
      prepareReading(this.#model, this.#replica, reading),
    );
    if (!done) return;
    this.#whole = true;
    this.#repairs.checkAll(reading.askedAtMs);
    this.#collector?.round();
    this.#writer.read(reading.askedAtMs);
  }

  /** Stages 1, 3, 4 and 5; stage 2, what has to be fetched first, is the state reader's. A failure changes nothing. */
  #run(what: string, prepare: () => Prepared): boolean {
    if (this.#closed) return false;
    let prepared: Prepared;
    let applied: Applied;
    try {
      prepared = prepare();
      applied = write(this.#model, this.#replica, prepared);
    } catch (error) {
      this.#problem(what, 'It could not be taken in; the state is read again.', error);
      this.#stateReader.request();
      return false;
    }
    this.#emit(prepared, applied);
    this.#followUp(prepared);
    return true;
  }

  #emit(prepared: Prepared, { change, settled, touched }: Applied): void {
    this.#blobs.want(wantedBlobs(this.#model.unread));
    this.#repairs.check(touched);
    this.#writer.purge([...touched.keys()].filter((id) => this.#replica.purgeOf(id) !== null));
    this.#writer.refresh();
    this.#updateStanding(prepared);
    if (!isEmptyChange(change)) this.#events.emit('change', change);
    if (settled.length > 0) this.#events.emit('settled', settled);
    for (const problem of prepared.problems) this.#report(problem);
  }

  #followUp({ rereadFor, seen }: Prepared): void {
    if (rereadFor.length > 0 && this.#whole)
      this.#stateReader.request(rereadFor.every((reason) => reason === GAP) ? 'gap' : 'doubt');
    this.#scheduleRelease();
    this.#writer.shown(seen);
  }

  #updateStanding({ steps }: Prepared): void {
    const touched = steps.some(({ entries }) =>
      [...entries.values()].some(({ event }) => !isCarrierType(event.type)),
    );
    if (!touched) return;
    this.#standing = standingOf(this.#model, this.#homeserver.userId);
    this.#writer.forgetDenials();
    this.#events.emit('standing', this.#standing);
  }

  #onConnection(connection: 'online' | 'offline', reason: HomeserverError | null): void {
    if (this.#connection !== connection) {
      this.#connection = connection;
      this.#events.emit('connection', connection);
    }
    if (connection === 'online') this.#writer.online();
    if (reason !== null && !reason.retry) this.#problem('the connection', reason.message, reason);
  }

  #onRefused(registers: ObjectRegisters, error: HomeserverError): void {
    this.#repairs.giveUp(registers);
    const change = this.#replica.refuse(registers);
    this.#writer.refresh();
    if (!isEmptyChange(change)) this.#events.emit('change', change);
    this.#events.emit('refused', { ids: [...registers.keys()], error });
  }

  #onLoss(ids: readonly ObjectId[]): void {
    this.#events.emit('repair', ids);
    this.#writer.wake();
  }

  #dirty(): ObjectRegisters {
    const dirty = new Map(this.#replica.dirty());
    for (const [id, lost] of this.#repairs.due()) dirty.set(id, new Map([...lost, ...(dirty.get(id) ?? [])]));
    return dirty;
  }

  // Sync loads members lazily; who is here need not wait in front of what is here.
  async #readMembers(options: RequestOptions): Promise<void> {
    try {
      const events = await this.#homeserver.readMembers(this.room, options);
      const unknown = events.filter(
        ({ type, stateKey }) => this.#model.get(type, stateKey ?? '') === undefined,
      );
      this.#run('the members', () => prepareUpdate(this.#model, { ...NOTHING, state: unknown }));
    } catch (error) {
      this.#problem('the members', 'They could not be read.', error);
    }
  }

  #scheduleRelease(): void {
    this.#stopRelease();
    const releaseMs = this.#replica.quarantineReleaseMs;
    if (releaseMs === null || this.#closed) return;
    const nowMs = this.#serverNow();
    const delayMs = Math.min(Math.max(releaseMs - nowMs, MIN_RELEASE_DELAY_MS), MAX_TIMER_MS);
    this.#stopRelease = this.#timers.after(delayMs, () => {
      const change = this.#replica.releaseQuarantine();
      if (!isEmptyChange(change)) this.#events.emit('change', change);
      this.#scheduleRelease();
      this.#writer.wake();
    });
  }

  #serverNow(): number {
    return this.#timers.now() + this.#homeserver.serverOffsetMs();
  }

  #problem(carrier: string, reason: string, cause: unknown): void {
    this.#report(failureOf(carrier, reason, cause));
  }

  #report(problem: RoomProblem): void {
    this.#problems = withProblem(this.#problems, problem);
    this.#events.emit('problem', problem);
  }
}

/** How long opening a room waits for its blobs. */
const BLOB_PATIENCE_MS = 10_000;
/** A clock that is being set must not make the timer spin. */
const MIN_RELEASE_DELAY_MS = 100;
/** The longest delay that platforms' timers take. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const NOTHING: RoomUpdate = {
  complete: false,
  gap: false,
  state: [],
  timeline: [],
  redactions: [],
  malformed: [],
  token: null,
};
