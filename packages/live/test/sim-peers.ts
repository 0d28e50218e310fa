import {
  Cell,
  type EditAccess,
  type EventContent,
  newActorId,
  type ObjectId,
  type ObjectRegisters,
  type Patch,
  type Path,
  parseUserId,
  patchOf,
  type Register,
  type RegisterEntry,
  RegisterStore,
  Replica,
  type UserId,
  type Value,
} from '@weft/core';
import {
  type Channel,
  createSessionKey,
  openChannel,
  type PeerDevice,
  type PeerLetter,
  type Signalling,
} from '@weft/live';
import { FakeTimers, SeededRandom } from '@weft/testing';
import { shownText } from '@weft/testing/lane';

export const ROOM = '!world:example.org';
const BUILDER = 25;

/** What becomes of messages between devices. */
export interface MailFaults {
  /** Of a hundred messages that many never come, come twice, or come after later ones. */
  lost: number;
  doubled: number;
  late: number;
  minDelayMs: number;
  maxDelayMs: number;
}

/** One message on its way, as a test sees it. */
export interface SentLetter {
  readonly from: string;
  readonly to: string;
  readonly atMs: number;
  readonly content: EventContent;
}

/** Clients of one world whose only ways are a room and messages between devices, under a clock that only the test moves. */
export class SimPeers {
  readonly timers = new FakeTimers();
  readonly random: SeededRandom;
  readonly faults: MailFaults = { lost: 0, doubled: 0, late: 0, minDelayMs: 5, maxDelayMs: 20 };
  readonly clients: SimPeer[] = [];
  readonly sent: SentLetter[] = [];
  /** Who may do what in the room; who is not among them is not in it. */
  readonly levels = new Map<UserId, number>();
  /** Whether what clients write gets into the room by itself. */
  roomTakes = false;
  readonly #room = new RegisterStore();
  readonly #members = new Map<string, PeerDevice>();
  #joined = 0;

  private constructor(seed: string | number) {
    this.random = new SeededRandom(seed);
  }

  /** All are in touch when it resolves. */
  static async open({ seed = 'peers', clients = 2 }: { seed?: string | number; clients?: number } = {}) {
    const peers = new SimPeers(seed);
    for (let at = 0; at < clients; at += 1) await peers.add();
    if (clients > 1 && clients <= 8) await peers.untilLive();
    return peers;
  }

  client(at: number): SimPeer {
    const client = this.clients[at];
    if (client === undefined) throw new Error(`There is no client ${at}.`);
    return client;
  }

  async add(
    options: {
      user?: UserId;
      level?: number;
      mode?: 'play' | 'read';
      candidates?: Signalling['candidates'];
    } = {},
  ): Promise<SimPeer> {
    const name = `device${this.#joined}`;
    const {
      user = parseUserId(`@user${this.#joined}:example.org`),
      level = BUILDER,
      mode = 'play',
    } = options;
    const { candidates = async () => [] } = options;
    this.#joined += 1;
    this.levels.set(user, level);
    const random = this.random.fork(name);
    const key = await createSessionKey({ subtle: undefined, random: random.bytes });
    const client = new SimPeer({ peers: this, name, user, random, key, mode, candidates });
    client.read(this.#room.toPatch());
    client.levels = new Map(this.levels);
    this.clients.push(client);
    this.#tell();
    return client;
  }

  /** It is gone: without a word, or with one. */
  async remove(client: SimPeer, how: 'closed' | 'crashed'): Promise<void> {
    this.clients.splice(this.clients.indexOf(client), 1);
    if (how === 'closed') await client.close();
    else client.crash();
  }

  /** The room says that a member takes edits from device to device, or does no more. */
  publish(device: PeerDevice, isThere: boolean): void {
    const key = `${device.user} ${device.device}`;
    if (isThere) this.#members.set(key, device);
    else this.#members.delete(key);
    this.#tell();
  }

  setLevel(user: UserId, level: number | null): void {
    if (level === null) this.levels.delete(user);
    else this.levels.set(user, level);
    this.#tell();
  }

  /** The room takes what a client wrote, unless its user may not write there; everybody hears of it by and by. */
  flush(client: SimPeer): void {
    const dirty = client.replica.dirty();
    if (dirty.size === 0) return;
    if ((this.levels.get(client.user) ?? 0) < BUILDER) {
      client.refused(dirty);
      return;
    }
    const patch = patchOf({ registers: entriesIn(dirty), actors: [...client.replica.pendingPatch().actors] });
    this.#room.join(patch);
    for (const each of this.clients) this.timers.after(20 + this.random.below(400), () => each.read(patch));
  }

  post(from: SimPeer, letters: readonly PeerLetter[]): void {
    for (const { user, device, content } of letters) {
      this.sent.push({ from: from.name, to: device, atMs: this.timers.now(), content });
      const { lost, doubled, late, minDelayMs, maxDelayMs } = this.faults;
      if (this.random.below(100) < lost) continue;
      const copies = this.random.below(100) < doubled ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        const extraMs = this.random.below(100) < late ? this.random.below(3_000) : 0;
        const delayMs = minDelayMs + this.random.below(maxDelayMs - minDelayMs + 1) + extraMs;
        this.timers.after(delayMs, () => this.deliver(from.user, user, device, content));
      }
    }
  }

  /** As homeservers do: to a device of that user, if it is there, whoever sends it. */
  deliver(from: UserId, user: UserId, device: string, content: EventContent): void {
    const target = this.clients.find((client) => client.user === user && client.name === device);
    target?.receive(from, JSON.parse(JSON.stringify(content)));
  }

  /** Turns the clock until something holds. @returns how long that took, in milliseconds */
  async until(holds: () => boolean, withinMs: number): Promise<number> {
    for (let ms = 0; ms <= withinMs; ms += 5) {
      if (holds()) return ms;
      await this.timers.advance(5);
    }
    const states = this.clients.map(({ name, channel }) => `${name}: ${channel.status.value.sentence}`);
    throw new Error(`Not within ${withinMs} ms. ${states.join(' ')}`);
  }

  untilLive(withinMs = 10_000): Promise<number> {
    return this.until(() => this.clients.every((client) => client.isLive), withinMs);
  }

  get areEqual(): boolean {
    return new Set(this.clients.map((client) => client.shown())).size === 1;
  }

  async close(): Promise<void> {
    for (const client of [...this.clients]) await this.remove(client, 'closed');
    await this.timers.advance(30_000);
  }

  /** A sync is late, and never goes back. */
  #tell(): void {
    for (const client of this.clients)
      this.timers.after(20 + this.random.below(200), () =>
        client.see([...this.#members.values()], new Map(this.levels)),
      );
  }
}

interface SimPeerOptions {
  readonly peers: SimPeers;
  readonly name: string;
  readonly user: UserId;
  readonly random: SeededRandom;
  readonly key: Awaited<ReturnType<typeof createSessionKey>>;
  readonly mode: 'play' | 'read';
  /** How this client finds relays. */
  readonly candidates: Signalling['candidates'];
}

/** One running client: the product's replica and channel, and its own copy of what the room says. */
export class SimPeer {
  readonly name: string;
  readonly user: UserId;
  readonly replica: Replica;
  readonly channel: Channel;
  /** What was told of what others did not take in, and of anything else that goes on without. */
  readonly failures: unknown[] = [];
  levels: ReadonlyMap<UserId, number> = new Map();
  /** Whether its homeserver takes messages. */
  isCutOff = false;
  readonly #options: SimPeerOptions;
  readonly #base = new RegisterStore();
  readonly #devices = new Cell<readonly PeerDevice[]>([]);
  readonly #listeners = new Set<(sender: UserId, content: unknown) => void>();
  readonly #standing = new Cell(0);
  #isGone = false;

  constructor(options: SimPeerOptions) {
    const { peers, name, user, random, key, mode, candidates } = options;
    const { timers } = peers;
    this.#options = options;
    this.name = name;
    this.user = user;
    this.replica = new Replica({ actor: newActorId(random.bytes), now: timers.now });
    const { replica } = this;
    this.channel = openChannel({
      ...{ room: ROOM, key, timers, mode, random: random.bytes },
      replica: {
        actor: replica.clock.actor,
        former: [],
        setHash: () => replica.setHash(),
        usersOf: (actor) => replica.usersOf(actor),
        hear: (patch) => void replica.hear(patch),
        overhear: (patch) => void replica.overhear(patch),
        retractLive: (registers) => void replica.retractLive(registers),
        takeBack: (registers) => void replica.retractLive(registers),
        live: () => replica.livePatch(),
        sent: (registers) => replica.sent(registers),
        hold: (registers) => void replica.hold(registers),
        forgetHeld: () => void replica.forgetHeld(),
        refuse: (registers) => void replica.refuse(registers, 'relay'),
        unheld: () => replica.unheldPatch(),
        own: () => replica.pendingPatch(),
      },
      peers: { mail: this.#mail(), user, replica, now: timers.now },
      signalling: {
        published: new Cell([]),
        sendsTo: () => false,
        candidates,
        known: new Cell([]),
        requestTicket: () => Promise.reject(new Error('There is no relay.')),
        announce: async (member) => {
          const device = { user, device: name, memberIds: member === null ? [] : [member.memberId] };
          if (!this.#isGone) peers.publish(device, member !== null);
        },
      },
      openSocket: () => ({ queuedBytes: 0, send: () => undefined, close: () => undefined }),
      failed: (error) => this.failures.push(error),
    });
  }

  get isLive(): boolean {
    return this.channel.status.value.lane === 'peer';
  }

  /** Writes properties of one object as one edit, and says so. */
  set(id: ObjectId, properties: { readonly [path: Path]: Value }): Patch {
    const stamp = this.replica.clock.issue();
    const registers = Object.entries(properties).map(([path, value]) => ({
      id,
      path: path as Path,
      register: { value, stamp },
    }));
    const patch = patchOf({ registers, actors: [[stamp.actor, [this.user]]] });
    this.replica.write(patch, 'local');
    this.channel.send(patch);
    if (this.#options.peers.roomTakes)
      this.#options.peers.timers.after(1_000, () => this.#isGone || this.#options.peers.flush(this));
    return patch;
  }

  value(id: ObjectId, path: Path): Value | undefined {
    return this.replica.registers(id)?.get(path)?.value;
  }

  /** The room says this. */
  read(patch: Patch): void {
    if (this.#isGone) return;
    this.#base.join(patch);
    this.replica.receive(patch, 'matrix');
    this.replica.settle(this.#base);
  }

  /** The room refuses what this client wrote. */
  refused(registers: ObjectRegisters): void {
    this.replica.refuse(registers);
    this.channel.retract(registers);
  }

  /** What the room says of members comes to this client. */
  see(members: readonly PeerDevice[], levels: ReadonlyMap<UserId, number>): void {
    if (this.#isGone) return;
    this.levels = levels;
    this.#devices.set(members.filter(({ user, device }) => device !== this.name && levels.has(user)));
    this.#standing.set(this.#standing.value + 1);
  }

  receive(sender: UserId, content: EventContent): void {
    if (!this.#isGone) for (const listener of [...this.#listeners]) listener(sender, content);
  }

  /** What this client shows, as text. */
  shown(): string {
    return shownText(this.replica);
  }

  async close(): Promise<void> {
    await this.channel.close();
    this.#isGone = true;
  }

  /** The process dies: nothing of it is heard any more, and nobody says so. */
  crash(): void {
    this.#isGone = true;
    void this.channel.close();
  }

  #mail() {
    const { peers, user: own } = this.#options;
    return {
      devices: this.#devices,
      send: async (letters: readonly PeerLetter[]) => {
        if (this.isCutOff) throw new Error('The homeserver does not answer.');
        if (!this.#isGone) peers.post(this, letters);
      },
      on: (listener: (sender: UserId, content: unknown) => void) => {
        this.#listeners.add(listener);
        return () => void this.#listeners.delete(listener);
      },
      access: (userId: UserId): EditAccess | null => {
        const level = this.levels.get(userId) ?? (userId === own ? BUILDER : undefined);
        return level === undefined ? null : { userId, level };
      },
      onStanding: (listener: () => void) => this.#standing.subscribe(listener),
    };
  }
}

function* entriesIn(registers: ObjectRegisters): Generator<RegisterEntry> {
  for (const [id, paths] of registers)
    for (const [path, register] of paths as ReadonlyMap<Path, Register>) yield { id, path, register };
}
