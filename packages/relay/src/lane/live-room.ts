import {
  type ActorId,
  Actors,
  type ChangeSet,
  type ObjectId,
  type Patch,
  type RandomBytes,
  type Stop,
  type Timers,
  type UserId,
  WeftError,
} from '@weft/core';
import {
  CLOSE_CODES,
  type DownFrame,
  encodeWirePatch,
  isSaying,
  MAX_SAID_CHARACTERS,
  newRunId,
  newSaying,
  ProtocolError,
  type RunId,
  SAY_EVENT,
  sayData,
  type WirePatch,
} from '@weft/protocol';
import type { StoreError } from '@weft/store';
import type { LaneJournal, LoadedJournal } from '../journal/lane-journal.ts';
import type { Admitted } from './admitted.ts';
import { Adoption } from './adoption.ts';
import { Committer } from './committer.ts';
import { Incoming } from './incoming.ts';
import { intakeOf } from './intake-of.ts';
import { Keeper } from './keeper.ts';
import type { LaneAuthor } from './lane-author.ts';
import type { LaneLog } from './lane-log.ts';
import type { LanePart, LanePerson } from './lane-part.ts';
import type { LaneRoom } from './lane-room.ts';
import type { LaneSession } from './lane-session.ts';
import type { LaneSocket } from './lane-socket.ts';
import type { LaneWorld } from './lane-world.ts';
import { type Lease, Leases } from './leases.ts';
import { Newcomers } from './newcomers.ts';
import { makeParts } from './part-host.ts';
import { entriesOfRegisters } from './patch-parts.ts';
import { People, type Refused } from './people.ts';
import { Quiet } from './quiet.ts';
import { Recent } from './recent.ts';
import { ROOM_LIMITS } from './room-limits.ts';
import type { LaneRoomOptions } from './room-options.ts';
import type { Seat } from './seat.ts';
import { Standings } from './standings.ts';
import { Stream } from './stream.ts';
import { Unsettled } from './unsettled.ts';
import { Writes } from './writes.ts';

/** Opens the room of a world: takes up what its journal kept, and is a new run. @throws StoreError */
export async function openLaneRoom(options: LaneRoomOptions): Promise<LaneRoom> {
  return new LiveRoom(options, await options.journal.load());
}

/** Puts the parts of a room together; each of them knows one thing. */
class LiveRoom implements LaneRoom {
  readonly run: RunId;
  readonly #world: LaneWorld;
  readonly #random: RandomBytes;
  readonly #journal: LaneJournal;
  readonly #log: LaneLog;
  readonly #timers: Timers;
  readonly #actors: Actors;
  readonly #people: People;
  readonly #leases: Leases;
  readonly #committer: Committer;
  readonly #stream: Stream;
  readonly #keeper: Keeper;
  readonly #newcomers: Newcomers;
  readonly #standings: Standings;
  readonly #adoption: Adoption;
  readonly #writes: Writes;
  readonly #incoming: Incoming;
  readonly #quiet: Quiet;
  readonly #parts: readonly LanePart[];
  readonly #stops: readonly Stop[];
  /** Services that wait for the journal. */
  readonly #waiting = new Set<(error: WeftError) => void>();
  #isDraining = false;
  /** Called when the last one left. */
  #emptied: () => void = () => undefined;
  #closing: Promise<void> | null = null;

  constructor(options: LaneRoomOptions, loaded: LoadedJournal) {
    const { world, journal, timers, random, log, limits = ROOM_LIMITS, parts = [] } = options;
    const now = () => timers.now();
    this.#random = random;
    this.run = newRunId(random);
    this.#world = world;
    this.#journal = journal;
    this.#log = log;
    this.#timers = timers;
    this.#actors = new Actors((actor) => world.replica.usersOf(actor));
    this.#people = new People({ limits, actors: this.#actors, onLeft: (seat) => this.#left(seat) });
    this.#leases = new Leases({
      limits,
      timers,
      onChange: (object, lease) => {
        this.#people.broadcast(leaseFrame(object, lease));
        for (const part of this.#parts) part.leased(object, lease?.holder ?? null);
      },
    });
    const recent = new Recent(limits);
    const unsettled = new Unsettled(world, this.#actors);
    this.#committer = new Committer({
      journal,
      timers,
      onTrouble: (error) => this.#trouble(error),
      onCommitted: () => this.#keeper.tidy(),
    });
    const shared = {
      ...{ world, journal, timers, random, log, limits, now, recent, unsettled, run: this.run },
      ...{ people: this.#people, actors: this.#actors, committer: this.#committer, leases: this.#leases },
    };
    this.#stream = new Stream({
      ...shared,
      broadcast: (message, except) => this.#people.handRound(message, 'steady', except),
    });
    this.#keeper = new Keeper(shared);
    const withStream = { ...shared, stream: this.#stream };
    this.#newcomers = new Newcomers(withStream);
    this.#standings = new Standings({
      ...withStream,
      uncovered: () => this.#adoption.uncovered(),
      onLevel: (seat) => {
        for (const part of this.#parts) part.changed(seat);
      },
    });
    this.#adoption = new Adoption({
      ...shared,
      isHere: (actor) => this.#isHere(actor),
      isAllowed: (user, entry) => this.#standings.isAllowed(user, entry),
      takeBack: (entries) => this.#standings.takeBack(entries),
    });
    const isBarred: Leases['isBarred'] = (session, id) => this.#leases.isBarred(session, id);
    const hasAvatar = (user: UserId): boolean => this.#parts.some((part) => part.hasAvatar(user));
    const intake = intakeOf({ replica: world.replica, now, isBarred, hasAvatar });
    this.#writes = new Writes({
      ...withStream,
      ...{ intake, adoption: this.#adoption, standings: this.#standings },
    });
    this.#parts = makeParts(parts, withStream);
    this.#incoming = new Incoming({
      ...withStream,
      ...{ intake, writes: this.#writes, standings: this.#standings, parts: this.#parts },
      tellDigest: (seat) => this.#people.send(seat, this.#digest()),
    });
    this.#quiet = new Quiet({
      timers,
      afterMs: limits.quietMs,
      run: () => this.#people.broadcast(this.#digest()),
    });
    this.#restore(loaded);
    this.#stops = [
      world.onChange((change) => this.#changed(change)),
      world.onStanding(() => this.#review()),
      world.onRefused((refused) => this.#standings.takeBack(entriesOfRegisters(refused))),
    ];
    this.#review();
    this.#newcomers.prepare();
  }

  get isKeeping(): boolean {
    return !this.#committer.isFailing;
  }

  people(): Iterable<LanePerson> {
    return this.#people.all();
  }

  join(admitted: Admitted, socket: LaneSocket): LaneSession | null {
    const seat = this.#admit(admitted, socket);
    if ('code' in seat) {
      socket.close(seat.code, seat.reason);
      return null;
    }
    this.#newcomers.welcome(seat, admitted.hello);
    this.#people.enter(seat);
    this.#adoption.came(seat.actors);
    for (const part of this.#parts) part.joined(seat);
    for (const lease of this.#leases.all()) this.#people.send(seat, leaseFrame(lease.object, lease));
    if (!this.isKeeping) this.#people.send(seat, { type: 'keeping', ok: false });
    this.#people.send(seat, this.#digest());
    this.#people.broadcast({ type: 'people', joined: [seat.entry()], left: [] }, 'steady', seat.session);
    return {
      session: seat.session,
      receive: (frame) => {
        if (this.#closing === null) this.#incoming.receive(seat, frame);
      },
      closed: () => this.#people.leave(seat),
    };
  }

  async write(user: UserId, patch: Patch): Promise<{ readonly seq: number }> {
    const author = this.#serviceOf(user);
    const { promise, resolve, reject } = Promise.withResolvers<{ readonly seq: number }>();
    const [refusal] = this.#writes.take(wireOf(patch), patch, author, (seq) => {
      this.#waiting.delete(reject);
      resolve({ seq });
    });
    if (refusal !== undefined) throw refusal.error;
    this.#waiting.add(reject);
    return promise;
  }

  say(user: UserId, text: string): void {
    this.#serviceOf(user);
    if (!isSaying(text))
      throw new WeftError('limit', {
        what: 'say something',
        expected: `1 to ${MAX_SAID_CHARACTERS} characters of text`,
        got: text.length > MAX_SAID_CHARACTERS ? `${text.length} characters` : 'what is blank or no text',
        hint: 'Say it in several messages.',
      });
    const said = newSaying(text, this.#random);
    const data = sayData(said);
    this.#people.broadcast({ type: 'event-down', from: 0, user, target: null, name: SAY_EVENT, data });
    this.#world.sendMessage({ ...said, user });
  }

  async drain(inMs: number): Promise<void> {
    if (!this.#isDraining) {
      this.#isDraining = true;
      this.#people.broadcast({ type: 'draining', inMs });
      await new Promise<void>((resolve) => {
        const stop = this.#timers.after(inMs, resolve);
        this.#emptied = () => {
          stop();
          resolve();
        };
        if (this.#people.size === 0) this.#emptied();
      });
    }
    return this.close();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#isDraining = true;
    for (const stop of this.#stops) stop();
    await this.#committer.settled();
    for (const seat of [...this.#people.all()])
      this.#people.expel(seat, CLOSE_CODES.draining, 'the relay stops: try another, or later');
    for (const part of this.#parts) part.close();
    this.#quiet.close();
    this.#leases.close();
    this.#adoption.close();
    this.#committer.close();
    for (const reject of this.#waiting) reject(stopped());
    this.#waiting.clear();
    await this.#journal.close();
  }

  #admit(admitted: Admitted, socket: LaneSocket): Seat | Refused {
    if (this.#isDraining)
      return { code: CLOSE_CODES.draining, reason: 'the relay stops: try another, or later' };
    const access = this.#world.access(admitted.user);
    if (access === null) return { code: CLOSE_CODES.forbidden, reason: 'not in the room' };
    return this.#people.admit(admitted, socket, access.level);
  }

  /** @throws WeftError `forbidden` for whoever is not in the room, `closed` */
  #serviceOf(user: UserId): LaneAuthor {
    if (this.#closing !== null) throw stopped();
    const access = this.#world.access(user);
    if (access === null)
      throw new WeftError('forbidden', {
        what: 'take part',
        expected: 'a member of the room',
        got: user,
        hint: 'Join the room first.',
      });
    return { access, session: 0, mayBe: (actor) => this.#actors.mayBe(actor, user) };
  }

  #restore({ records, dropped }: LoadedJournal): void {
    const unreadable = dropped + this.#keeper.restore(records);
    if (unreadable > 0) this.#log.warn({ records: unreadable }, 'records of the journal were spoilt');
    for (const part of this.#parts)
      if (part.kind !== null) part.load(records.filter(({ kind }) => kind === part.kind));
    this.#keeper.begin(unreadable);
  }

  #review(): void {
    this.#standings.review();
    this.#adoption.look();
  }

  #changed({ added, removed, changed }: ChangeSet): void {
    this.#quiet.disturb();
    for (const ids of [added, removed, changed.keys()]) this.#newcomers.touch(ids);
    // What was purged must not be told again, nor stay on the disk.
    if (!removed.some((id) => this.#world.replica.purgeOf(id) !== null)) return;
    this.#newcomers.forget();
    this.#keeper.forget();
  }

  #left(seat: Seat): void {
    this.#leases.releaseAll(seat.session);
    for (const part of this.#parts) part.left(seat);
    this.#people.broadcast({ type: 'people', joined: [], left: [seat.session] });
    this.#adoption.left(seat.actors);
    if (this.#people.size === 0) this.#emptied();
  }

  #isHere(actor: ActorId): boolean {
    for (const seat of this.#people.all()) if (seat.actors.has(actor)) return true;
    return false;
  }

  #digest(): DownFrame {
    return {
      type: 'digest',
      seq: this.#stream.seq,
      setHash: this.#world.replica.setHash(),
      stateDigest: this.#world.stateDigest(),
    };
  }

  #trouble(error: StoreError | null): void {
    if (error === null) this.#log.info({ run: this.run }, 'the journal takes everything again');
    else
      this.#log.warn(
        { run: this.run, error },
        'the journal takes nothing: nobody is told that edits are held',
      );
    this.#people.broadcast({ type: 'keeping', ok: error === null });
  }
}

function leaseFrame(object: ObjectId, lease: Lease | null): DownFrame {
  return {
    type: 'lease-down',
    object,
    holder: lease?.holder ?? 0,
    fence: lease?.fence ?? 0,
    expiresMs: lease?.expiresMs ?? 0,
  };
}

/** @throws WeftError `limit` for what no frame can carry, or nothing at all */
function wireOf(patch: Patch): WirePatch {
  try {
    return encodeWirePatch(patch);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const { what, expected, got } = error;
    throw new WeftError('limit', { what, expected, got, hint: 'Split it between objects.', cause: error });
  }
}

function stopped(): WeftError {
  return new WeftError('closed', {
    what: 'go on with the lane of a world',
    expected: 'a relay that runs',
    got: 'one that stops',
    hint: 'Try another relay, or later.',
    by: 'operator',
  });
}
