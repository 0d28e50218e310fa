import {
  type ChangeSet,
  composeContribution,
  composeEdit,
  type EditAccess,
  isActorId,
  type ObjectId,
  type ObjectRegisters,
  type Patch,
  parseUserId,
  Replica,
  ROLE_LEVELS,
  type UserId,
} from '@weft/core';
import { type AwarenessState, type DocumentHost, Documents } from '@weft/document';
import { type DownFrame, newRunId, type Session } from '@weft/protocol';
import { FakeTimers, SeededRandom } from '@weft/testing';
import type { JournalRecord } from '../../src/journal/journal-record.ts';
import type { LaneHost, LanePart, LanePerson, MakeLanePart } from '../../src/lane/lane-part.ts';
import type { LaneWorld } from '../../src/lane/lane-world.ts';

/** What a relay's disk holds of its parts; what was not committed is lost with the process. */
export class Disk {
  records: JournalRecord[] = [];
}

function actorOf(name: string) {
  const actor = `actor-of-${name}`;
  if (!isActorId(actor)) throw new Error(`${actor} is no actor id`);
  return actor;
}

/** One room with one part, in memory: frames arrive at once, and what is written to the room when the test says so. */
export class PartRoom {
  readonly timers: FakeTimers;
  readonly random = new SeededRandom('room');
  readonly replica: Replica;
  readonly part: LanePart;
  readonly levels = new Map<UserId, number>();
  readonly adopted: ObjectRegisters[] = [];
  readonly expelled: { readonly session: Session; readonly code: number }[] = [];
  /** How many times records were replaced by one. */
  saves = 0;
  canAdopt = true;
  readonly #clients = new Map<Session, RelayClient>();
  readonly #listeners = new Set<(change: ChangeSet) => void>();
  readonly #disk: Disk;
  #waiting: (() => void)[] = [];
  #sessions = 0;

  constructor(make: MakeLanePart, disk = new Disk(), timers = new FakeTimers()) {
    this.timers = timers;
    this.#disk = disk;
    this.replica = new Replica({ actor: actorOf('relay'), now: timers.now });
    const host = this.#host();
    this.part = make(host);
    this.part.load(disk.records);
  }

  /** A world with one sign, as the room holds it. */
  addSign(): ObjectId {
    const access = { userId: parseUserId('@ann:test.org'), level: 100 };
    const random = (length: number) => this.random.bytes(length);
    const { patch, value } = composeEdit(this.replica, access, random, (e) =>
      e.add({ node: { name: 'Sign' } }),
    );
    this.receive(patch);
    return value;
  }

  join(name: string, level: number = ROLE_LEVELS.builder, mode: LanePerson['mode'] = 'play'): RelayClient {
    this.#sessions += 1;
    const session = this.#sessions;
    const user = parseUserId(`@${name.split('-')[0]}:test.org`);
    this.levels.set(user, level);
    const client = new RelayClient(this, { session, user, device: 'D', actor: actorOf(name), level, mode });
    this.#clients.set(session, client);
    this.part.joined(client.person);
    return client;
  }

  leave(client: RelayClient): void {
    this.#clients.delete(client.person.session);
    this.part.left(client.person);
  }

  setLevel(client: RelayClient, level: number): void {
    this.levels.set(client.person.user, level);
    client.person = { ...client.person, level };
    this.part.changed(client.person);
    client.documents.standingChanged();
  }

  /** The room's state says so. */
  receive(patch: Patch): void {
    this.#tell(this.replica.receive(patch, 'matrix'));
    for (const client of this.#clients.values()) client.receive(patch);
  }

  /** Everything that is kept so far survives from now on. */
  commit(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const run of waiting) run();
  }

  records(): readonly JournalRecord[] {
    return this.#disk.records;
  }

  deliver(client: RelayClient, frame: DownFrame): void {
    client.frames.push(frame);
    if (frame.type === 'document-down') client.documents.receive(frame.object, frame.bytes);
  }

  others(client: RelayClient): readonly RelayClient[] {
    return [...this.#clients.values()].filter((other) => other !== client);
  }

  has(client: RelayClient): boolean {
    return this.#clients.has(client.person.session);
  }

  #tell(change: ChangeSet): void {
    for (const listener of this.#listeners) listener(change);
  }

  #host(): LaneHost {
    const run = newRunId((length) => this.random.bytes(length));
    const record = (key: string, body: Uint8Array): JournalRecord => ({
      ...{ kind: 'document', key, run, seq: 0, user: null, body },
    });
    return {
      world: this.#world(),
      timers: this.timers,
      random: (length) => this.random.bytes(length),
      run,
      people: () => [...this.#clients.values()].map(({ person }) => person),
      person: (session) => this.#clients.get(session)?.person,
      send: (to, frame) => {
        const client = this.#clients.get(to);
        if (client !== undefined) this.deliver(client, frame);
      },
      broadcast: (frame, _urgency, except) => {
        for (const [session, client] of this.#clients) if (session !== except) this.deliver(client, frame);
      },
      isReady: () => true,
      sendBytes: () => undefined,
      quietMs: () => 0,
      ping: () => undefined,
      expel: (session, code) => {
        this.expelled.push({ session, code });
        const client = this.#clients.get(session);
        if (client !== undefined) this.leave(client);
      },
      keep: (key, body) => {
        this.#disk.records.push(record(key, body));
      },
      keepOnly: (key, body) => {
        this.saves += 1;
        const others = this.#disk.records.filter((one) => one.key !== key);
        this.#disk.records = body === null ? others : [...others, record(key, body)];
      },
      whenKept: (run) => {
        this.#waiting.push(run);
      },
    };
  }

  #world(): LaneWorld {
    const room = this;
    return {
      replica: this.replica,
      hear: (patch) => {
        const change = this.replica.hear(patch);
        this.#tell(change);
        return change;
      },
      retract: (registers) => this.replica.retractLive(registers),
      access: (user) => {
        const level = this.levels.get(user);
        return level === undefined ? null : { userId: user, level };
      },
      mayWriteRoom: () => true,
      get canAdopt() {
        return room.canAdopt;
      },
      adopt: (registers) => void this.adopted.push(registers),
      sendMessage: () => undefined,
      stateDigest: () => '',
      onStanding: () => () => undefined,
      onChange: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      onRefused: () => () => undefined,
    };
  }
}

/** Somebody on the relay, with the documents of a real client. */
export class RelayClient {
  person: LanePerson;
  readonly replica: Replica;
  readonly documents: Documents;
  readonly frames: DownFrame[] = [];
  readonly #room: PartRoom;

  constructor(room: PartRoom, person: LanePerson) {
    this.#room = room;
    this.person = person;
    const random = new SeededRandom(person.actor);
    this.replica = new Replica({ actor: person.actor, now: room.timers.now });
    this.replica.receive(room.replica.toPatch(), 'matrix');
    const host: DocumentHost = {
      actor: person.actor,
      timers: room.timers,
      random: (length) => random.bytes(length),
      nowMs: room.timers.now,
      registers: (object) => this.replica.registers(object),
      mayEdit: () => this.access.level >= ROLE_LEVELS.builder && this.person.mode === 'play',
      contribute: (object, contribution) =>
        this.#room.receive(composeContribution(this.replica, this.access, object, contribution)),
      beginEpoch: () => undefined,
      showAwareness: (_object: ObjectId, _state: AwarenessState | null) => undefined,
      lane: {
        others: () => this.#room.others(this).map((other) => other.person.actor),
        send: (object, bytes) => {
          if (this.#room.has(this)) this.send(object, bytes);
          return this.#room.has(this);
        },
      },
    };
    this.documents = new Documents(host);
  }

  get access(): EditAccess {
    return { userId: this.person.user, level: this.person.level };
  }

  send(object: ObjectId, bytes: Uint8Array): void {
    this.#room.part.receive(this.person, { type: 'document-up', object, bytes });
  }

  receive(patch: Patch): void {
    this.replica.receive(patch, 'matrix');
    this.documents.changed(patch.objects.keys());
  }
}
