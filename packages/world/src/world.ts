import {
  type EditDraft,
  Emitter,
  type LiveQueryForm,
  type ObjectId,
  parseObjectId,
  type QueryOptions,
  type Readable,
  type Replica,
  type Restored,
  type Synchronous,
  type Turn,
  WeftError,
} from '@weft/core';
import type { DocumentHandle } from '@weft/document';
import type { Channel } from '@weft/live';
import { type Homeserver, type RoomSession, reportUncaught } from '@weft/matrix';
import type { Avatar } from './avatar/avatar.ts';
import type { Me } from './avatar/me.ts';
import { type EnterOptions, WorldMotion } from './avatar/world-motion.ts';
import { WorldDocuments } from './document/world-documents.ts';
import { Editor } from './editor.ts';
import type { Edit } from './edits.ts';
import type { FileSource } from './file/file-source.ts';
import { type Imported, type ImportOptions, importFile, tryImport } from './file/import-file.ts';
import { flush } from './flush.ts';
import { followSession } from './follow-session.ts';
import type { RestoreRequest } from './history/restore-request.ts';
import type { Keeper } from './keep/keeper.ts';
import { WorldChat } from './lane/world-chat.ts';
import { WorldLane } from './lane/world-lane.ts';
import { type Live, LiveQueries } from './live.ts';
import { type ImportGlbOptions, importGlb } from './model/import-glb.ts';
import { WorldModels } from './model/world-models.ts';
import { PeopleCell, type Person } from './people.ts';
import type { Platform } from './platform.ts';
import { WorldPresence } from './presence/world-presence.ts';
import { type Problem, ProblemList } from './problems.ts';
import { RoomView } from './room-view.ts';
import { StatusCell, type WorldStatus } from './status.ts';
import { unsavedOf } from './unsaved.ts';
import type { WorldEvents } from './world-events.ts';
import type { CheckedEdit, CloseOptions, EditOptions } from './world-options.ts';
import type { WorldParts } from './world-parts.ts';

const DEFAULT_CLOSE_WAIT_MS = 10_000;
const NOT_KEPT =
  'This world was opened without a store: what the room does not hold is lost with this program.';

/**
 * A shared world: a Matrix room whose objects form one tree. Reads are synchronous and see one moment; edits show at
 * once and travel to the room by themselves. Made by `openWorld` and `createWorld`.
 */
export class World extends RoomView {
  readonly status: Readable<WorldStatus>;
  /** Who is in the world or invited, in the order of their user ids. */
  readonly people: Readable<readonly Person[]>;
  readonly problems: Readable<readonly Problem[]>;
  /** What editors show of themselves: selections, cursors. */
  readonly presence: WorldPresence;
  /** Who is in its space now, what they carry and where they sit; see `enter`. */
  readonly motion: WorldMotion;
  /** Models taken apart into objects, objects written as one model, worlds of Third Room. */
  readonly models: WorldModels;
  readonly #homeserver: Homeserver;
  readonly #session: RoomSession;
  readonly #replica: Replica;
  readonly #platform: Platform;
  readonly #keeper: Keeper | null;
  readonly #kept: () => Promise<void>;
  readonly #reopen: WorldParts<World>['reopen'];
  readonly #editor: Editor;
  readonly #events = new Emitter<WorldEvents>({ failed: reportUncaught, held: ['refused', 'superseded'] });
  readonly #live: LiveQueries;
  readonly #lane: WorldLane;
  readonly #documents: WorldDocuments;
  readonly #chat: WorldChat;
  readonly #status: StatusCell;
  readonly #people: PeopleCell;
  readonly #problems: ProblemList;
  #closing: Promise<{ readonly unsaved: number }> | null = null;

  constructor(parts: WorldParts<World>) {
    super(parts);
    const { homeserver, session, replica, platform, assets, keeper, lane, reopen } = parts;
    this.#homeserver = homeserver;
    this.#session = session;
    this.#replica = replica;
    this.#platform = platform;
    this.#kept = () => assets.kept();
    this.#reopen = reopen;
    this.#keeper = keeper;
    const notKept = () => (keeper === null ? NOT_KEPT : keeper.notKept);
    this.#live = new LiveQueries(replica.scene);
    this.#lane = new WorldLane({
      ...{ session, replica, userId: this.userId, open: lane },
      changed: () => this.#onLane(),
      event: (event) => this.#events.emit('event', event),
      said: (user, said) => this.#chat.hear(user, said),
      failed: (error) => this.#report('the live lane', error),
    });
    parts.ipfs.connect(session.room, this.#lane.relays);
    this.#chat = new WorldChat({
      ...{ session, homeserver, timers: platform.timers, random: platform.random },
      lane: (said) => this.#lane.say(said),
      said: (said) => this.#events.emit('said', said),
    });
    this.#editor = new Editor({
      ...{ session, replica, userId: this.userId, random: platform.random, notKept },
      isCarried: () => this.#lane.status?.lane === 'relay',
      send: (patch) => this.#lane.send(patch),
    });
    this.status = this.#status = new StatusCell({
      ...{ session, replica, notKept },
      lane: () => this.#lane.status,
      isConnecting: () => this.#lane.isConnecting,
    });
    this.problems = this.#problems = new ProblemList(replica.scene, session.problems);
    this.people = this.#people = new PeopleCell(session, this.#lane.users);
    this.presence = new WorldPresence(this.#lane.channel);
    this.#documents = new WorldDocuments({
      ...{ session, replica, userId: this.userId, platform, editor: this.#editor },
      ...{
        channel: this.#lane.channel,
        presence: this.presence,
        offsetMs: () => homeserver.serverOffsetMs(),
      },
    });
    this.motion = new WorldMotion({
      ...{ session, homeserver, platform, channel: this.#lane.channel, scene: this },
      self: { user: this.userId, device: homeserver.deviceId ?? '', actor: replica.clock.actor },
      edit: (name, fn) => this.edit(name, fn),
      check: (fn) => void this.#editor.check(fn),
      say: (text) => this.say(text),
      emit: (object, name, data) => this.emit(object, name, data),
      arrived: (avatar) => this.#events.emit('arrived', avatar),
      departed: (avatar) => this.#events.emit('departed', avatar),
    });
    this.models = new WorldModels({
      ...{ homeserver, assets: parts.assets, sinks: parts.sinks, scene: this },
      edit: (name, fn) => this.edit(name, fn),
      check: (fn) => this.check(fn),
    });
    followSession({
      ...{ session, replica, userId: this.userId, editor: this.#editor, live: this.#live, lane: this.#lane },
      ...{ documents: this.#documents, motion: this.motion },
      ...{ events: this.#events, status: this.#status, problems: this.#problems },
      people: this.#people,
    });
    keeper?.attach(session, (error) => this.#report('this device', error));
  }

  get canUndo(): boolean {
    return this.#editor.canUndo;
  }

  get canRedo(): boolean {
    return this.#editor.canRedo;
  }

  /**
   * A query whose result follows the world, with exact deltas; `stop` it when it is not needed any more.
   * @throws WeftError as `query` does
   */
  live(wanted: LiveQueryForm, options?: QueryOptions): Live {
    return this.#live.open(wanted, options);
  }

  /**
   * Makes one change: the function says what, synchronously, and all of it happens or none. It shows at once, is one
   * step of undo, and travels to the room by itself.
   *
   * @param name what undo calls it
   * @throws WeftError `forbidden` with who can help, `read-only`, `schema`, `limit`, `unknown-object` and the like
   */
  edit<T>(
    name: string,
    fn: (draft: EditDraft) => Synchronous<T>,
    { coalesce }: EditOptions = {},
  ): Edit<Synchronous<T>> {
    return this.#made(this.#editor.edit<T>(name, fn, coalesce));
  }

  /** Tries out an edit: throws what `edit` would, tells what saving it would cost, and changes nothing. */
  check<T>(fn: (draft: EditDraft) => Synchronous<T>): CheckedEdit<T> {
    const { value, ids, patch } = this.#editor.check<T>(fn);
    return { value, ids, cost: this.#session.cost(patch) };
  }

  /**
   * Takes in a file, all of it or nothing. A merge is a join: of each property the newer value stays, so that copies
   * edited apart come together in either order; it purges nothing and is no step of undo. A copy is one edit like any
   * other. Both write in this user's name, whoever the file says wrote it.
   *
   * @throws WeftError `bad-file` for what is no file, or to be merged and stamped in the future; `limit` past 5,000
   *   objects that are new or changed; and what `edit` throws
   */
  import(source: FileSource, options: ImportOptions): Edit<Imported> {
    return this.#made(importFile(this.#editor, source, options));
  }

  /** Tries out an import: throws what `import` would, and changes nothing. */
  checkImport(source: FileSource, options: ImportOptions): Imported {
    return tryImport(this.#editor, source, options);
  }

  /**
   * Sets back what differs: one edit, under new stamps, that undo takes back. What was not there then is deleted; what
   * was purged stays gone.
   * @throws WeftError `unknown-object`, `cycle`, `limit` past 5,000 objects, and what `edit` throws
   */
  restore(request: RestoreRequest): Edit<Restored> {
    return this.#made(this.#editor.restore(request));
  }

  /** Tries out restoring: throws what `restore` would, and changes nothing. */
  checkRestore(request: RestoreRequest): Restored {
    return this.#editor.checkRestore(request);
  }

  /**
   * Takes back this client's latest edit, except where others have changed it since. `false` where there is none.
   *
   * @throws WeftError where the world's rules, roles, locks or tree do not allow it now, as for any edit; nothing is
   *   changed, and the step stays to be tried again, or to be given up by `skipRefused`
   */
  undo(): boolean {
    return this.#turn('undo');
  }

  /** Does again what was undone last. `false` where there is none. @throws WeftError as `undo` does */
  redo(): boolean {
    return this.#turn('redo');
  }

  /**
   * Forgets the step that undo or redo refused last, so that those before it can be turned; what it did stays. `false`
   * where there is none, or where it was turned since.
   */
  skipRefused(): boolean {
    const skipped = this.#editor.skipRefused();
    if (skipped) this.#wrote([]);
    return skipped;
  }

  /**
   * Says something to everybody in the world: at once to those on the live lane, and in the room's chat, where every Matrix
   * client shows it. `on('said')` tells of it at once. What comes up fast goes into the room a few messages at a time.
   *
   * @returns resolves once the room has it; while the homeserver does not answer it waits. May be ignored
   * @throws WeftError `limit` past 1,000 characters, `invalid-value` for what is blank
   * @throws HomeserverError in the promise: `forbidden`, `closed`, `too-large` where 200 sayings wait already
   */
  say(text: string): Promise<void> {
    return this.#chat.say(text);
  }

  /**
   * Sends a named message to whoever is there and listens (`on('event')`), over the live lane. It is kept nowhere.
   *
   * @param object what it is about; `null` for the world
   * @returns `false` where no relay is live: nobody gets it
   * @throws WeftError `invalid-value`, `limit` past 4,096 bytes of data
   */
  emit(object: ObjectId | null, name: string, data: unknown = null): boolean {
    return this.#lane.emit(object, name, data);
  }

  /** Who entered and is there now, one for each client, this one first: `Avatar.poseAt` says where, with each frame. */
  get avatars(): Readable<readonly Avatar[]> {
    return this.motion.avatars;
  }

  /**
   * Enters as an avatar, at a spawn point; until then this client sees others and is not seen. It is there at once, and others see it as
   * soon as a relay carries its poses, which `Me.status` says. The world may be left and entered again; `close` leaves.
   *
   * @throws WeftError in the promise: `limit` where it is in already, `closed`, `invalid-value` for a model that nobody would load
   * @throws HomeserverError in the promise, where a model was given that could not be written; nobody entered then
   */
  enter(options: EnterOptions = {}): Promise<Me> {
    return this.motion.enter(options);
  }

  /**
   * Opens the document of an object: text, or whatever else Yjs holds, that several people write at once, each change seen
   * by all who have it open, and saved in the object when it rests. `destroy` it when it is not needed any more. Costs
   * milliseconds; 0.1 s for the largest, of 144,000 bytes.
   *
   * @throws WeftError `invalid-id`, `unknown-object`
   */
  document(id: string): DocumentHandle {
    const object = parseObjectId(id);
    if (this.get(object) !== undefined) return this.#documents.open(object);
    throw new WeftError('unknown-object', {
      what: `open the document of ${object}`,
      expected: 'a visible object',
      got: 'none of that id',
      hint: 'Add the object first; it needs no component for its document.',
    });
  }

  /**
   * The live lane itself: documents, presence, leases, the relay's clock. `null` where the world was opened without one.
   */
  get channel(): Channel | null {
    return this.#lane.channel;
  }

  /** @returns what stops it */
  on<Name extends keyof WorldEvents>(event: Name, listener: (value: WorldEvents[Name]) => void): () => void {
    return this.#events.on(event, listener);
  }

  /**
   * Checks a binary glTF, uploads it and adds an object that shows it. A file that is none, or a role that may not add
   * here, is refused before anything is uploaded.
   * @throws AssetError, WeftError, HomeserverError
   */
  importGlb(bytes: Uint8Array, options: ImportGlbOptions = {}): Promise<Edit<ObjectId>> {
    return importGlb(this, bytes, options);
  }

  /** Sends what is unsaved, for a bounded time, then leaves; says how many objects the room does not hold. */
  close(options: CloseOptions = {}): Promise<{ readonly unsaved: number }> {
    this.#closing ??= this.#close(options.waitMs ?? DEFAULT_CLOSE_WAIT_MS);
    return this.#closing;
  }

  /**
   * Closes this world and opens the one that took its place, the newest where there are several. Edits that this room
   * did not take in time are made there.
   *
   * @throws HomeserverError as `openWorld`, `bad-upgrade` where the rooms do not agree about it
   */
  async successor(options: { readonly signal?: AbortSignal } = {}): Promise<World> {
    this.#closing ??= this.#leave();
    await this.#closing;
    return this.#reopen({ room: this.room, unsaved: unsavedOf(this.#replica), signal: options.signal });
  }

  async #close(waitMs: number): Promise<{ readonly unsaved: number }> {
    this.#documents.flush();
    this.motion.close();
    this.#editor.end();
    // What this device keeps goes out the next time: no need to wait for a homeserver that does not answer.
    const isSafe = this.#session.connection === 'offline' && this.status.value.notKept === null;
    const flushed = () => flush(this.#session, this.#replica, this.#platform.timers, waitMs);
    if (!isSafe) await Promise.all([flushed(), this.#chat.settle(waitMs)]);
    const left = await this.#leave();
    this.#homeserver.stop();
    return left;
  }

  async #leave(): Promise<{ readonly unsaved: number }> {
    this.#documents.close();
    this.presence.close();
    this.motion.close();
    this.#editor.end();
    const gone = this.#lane.close();
    this.#chat.stop();
    this.#session.close();
    this.#editor.close();
    await gone;
    await this.#keeper?.close();
    await this.#kept();
    this.#status.close();
    this.#live.close();
    this.#events.clear();
    return { unsaved: this.status.value.unsaved };
  }

  #turn(turn: Turn): boolean {
    const ids = this.#editor.turn(turn);
    if (ids !== null) this.#wrote(ids);
    return ids !== null;
  }

  #made<T extends { readonly ids: readonly ObjectId[] }>(edit: T): T {
    if (edit.ids.length > 0) this.#wrote(edit.ids);
    return edit;
  }

  #wrote(ids: readonly ObjectId[]): void {
    this.#events.emit('stage', ids);
    this.#status.update();
  }

  #onLane(): void {
    this.#status.update();
    this.#people.update();
  }

  #report(carrier: string, error: unknown): void {
    const known = error instanceof Error ? error : new Error(String(error));
    const problem = { carrier, path: null, reason: known.message, error: known };
    this.#events.emit('problem', this.#problems.add(problem));
    this.#status.update();
  }
}
