import { type ActorId, Cell, newActorId, type Patch, parseUserId, type UserId } from '@weft/core';
import { type Announcement, type ChannelOptions, createSessionKey } from '@weft/live';
import { laneUrl, type RelayTransport } from '@weft/protocol';
import { FakeTimers, SeededRandom } from '@weft/testing';
import {
  SimLaneClient,
  SimNetwork,
  SimRelay,
  type SimRelayOptions,
  type SimServer,
} from '@weft/testing/lane';

const ROOM = '!world:example.org';
const BUILDER = 25;

export interface SimLanesOptions {
  readonly seed?: string | number;
  readonly relays?: number;
  readonly clients?: number;
  readonly maxDelayMs?: number;
  readonly limits?: SimRelayOptions['limits'];
}

/** Relays and clients of one world, under a clock that only the test moves. */
export class SimLanes {
  readonly timers = new FakeTimers();
  readonly random: SeededRandom;
  readonly network: SimNetwork;
  readonly relays = new Map<string, SimRelay>();
  readonly clients: SimLaneClient[] = [];
  readonly #candidates = new Cell<readonly RelayTransport[]>([]);
  readonly #published = new Cell<readonly RelayTransport[]>([]);
  /** Who grants tickets: the relays, and whoever pretends to be one. */
  readonly #asked = new Map<string, Pick<SimRelay, 'isRunning' | 'grant'>>();
  readonly #strangers: RelayTransport[] = [];
  readonly #members = new Map<string, Announcement & { readonly user: UserId }>();
  readonly #levels: Map<UserId, number>;
  readonly #users: readonly UserId[];

  private constructor(options: SimLanesOptions) {
    const { seed = 'lanes', relays = 1, clients = 2, maxDelayMs = 20, limits = {} } = options;
    this.random = new SeededRandom(seed);
    this.network = new SimNetwork(this.timers, this.random.fork('network'), maxDelayMs);
    this.#users = Array.from({ length: clients }, (_, at) => parseUserId(`@user${at}:example.org`));
    this.#levels = new Map(this.#users.map((user) => [user, BUILDER]));
    for (let at = 0; at < relays; at += 1) {
      const url = `wss://relay${at}.example.org`;
      const relay = new SimRelay({
        ...{ url, room: ROOM, timers: this.timers, network: this.network, limits },
        user: parseUserId(`@relay${at}:example.org`),
        random: this.random.fork(url),
        levels: this.#levels,
      });
      this.relays.set(url, relay);
      this.#asked.set(url, relay);
    }
    this.candidates = Array.from(this.relays.values(), ({ transport }) => transport);
  }

  /** Everybody is live when it resolves, unless the relays are not to be started. */
  static async open(options: SimLanesOptions = {}, { isStarted = true } = {}): Promise<SimLanes> {
    const lanes = new SimLanes(options);
    if (isStarted) for (const relay of lanes.relays.values()) await relay.start();
    for (const [at] of lanes.#users.entries()) await lanes.addClient(at);
    if (isStarted) await lanes.untilLive();
    return lanes;
  }

  /** The order in which clients find relays; all of them by default. */
  get candidates(): readonly RelayTransport[] {
    return this.#candidates.value;
  }

  set candidates(relays: readonly RelayTransport[]) {
    this.#candidates.set(relays);
  }

  relay(at: number): SimRelay {
    const relay = [...this.relays.values()][at];
    if (relay === undefined) throw new Error(`There is no relay ${at}.`);
    return relay;
  }

  /** Where the sockets of a relay go. */
  url(at: number): string {
    return laneUrl(this.relay(at).transport);
  }

  client(at: number): SimLaneClient {
    const client = this.clients[at];
    if (client === undefined) throw new Error(`There is no client ${at}.`);
    return client;
  }

  async addClient(userAt: number, mode?: ChannelOptions['mode']): Promise<SimLaneClient> {
    const name = `client${this.clients.length}`;
    return this.#add({ name, device: name, userAt, actor: newActorId(this.random.fork(name).bytes), mode });
  }

  /** One more window that runs under the actor of another client: a copy of what that one keeps. */
  async addTwin(at: number): Promise<SimLaneClient> {
    const { name, replica } = this.client(at);
    const { actor } = replica.clock;
    return this.#add({ name: `twin of ${name}`, device: name, userAt: at, actor, mode: 'play' });
  }

  async #add(options: {
    readonly name: string;
    readonly device: string;
    readonly userAt: number;
    readonly actor: ActorId;
    readonly mode: ChannelOptions['mode'];
  }): Promise<SimLaneClient> {
    const { name, device, userAt, actor, mode } = options;
    const random = this.random.fork(name);
    const user = this.#users[userAt] ?? parseUserId(`@user${userAt}:example.org`);
    const client = new SimLaneClient({
      ...{
        name,
        device,
        actor,
        user,
        random,
        room: ROOM,
        timers: this.timers,
        network: this.network,
        relays: this.#asked,
      },
      key: await createSessionKey({ subtle: undefined, random: random.bytes }),
      candidates: this.#candidates,
      published: this.#published,
      sendsTo: (user, relay) => this.#sendsTo(user, relay),
      announced: (member) => this.#announced(name, user, member),
      ...(mode === undefined ? {} : { mode }),
    });
    this.clients.push(client);
    return client;
  }

  /** Something else that takes sockets and grants tickets, which some member publishes. */
  addStranger(transport: RelayTransport, stranger: SimServer & Pick<SimRelay, 'isRunning' | 'grant'>): void {
    this.#asked.set(transport.url, stranger);
    this.#strangers.push(transport);
    this.network.listen(laneUrl(transport), stranger);
    this.#published.set([...this.#published.value, transport]);
  }

  /** What the relays of current members are, as everybody reads it. */
  publish(transports: readonly RelayTransport[]): void {
    this.#published.set(transports);
  }

  /** Turns the clock until something holds. @returns how long that took, in milliseconds */
  async until(holds: () => boolean, withinMs: number): Promise<number> {
    for (let ms = 0; ms <= withinMs; ms += 25) {
      if (holds()) return ms;
      await this.timers.advance(25);
    }
    const states = this.clients.map(({ name, channel }) => `${name}: ${channel.status.value.sentence}`);
    throw new Error(`Not within ${withinMs} ms. ${states.join(' ')}`);
  }

  untilLive(withinMs = 10_000): Promise<number> {
    return this.until(() => this.clients.every(({ relay }) => relay !== null), withinMs);
  }

  /** Whether all clients show the same. */
  get areEqual(): boolean {
    return new Set(this.clients.map((client) => client.shown())).size === 1;
  }

  /** What was said to be kept and is neither shown nor replaced somewhere. */
  missing(): string[] {
    const held: Patch[] = this.clients.flatMap((client) => client.held);
    return this.clients.flatMap((client) => held.flatMap((patch) => client.missing(patch)));
  }

  async close(): Promise<void> {
    for (const client of this.clients) await client.channel.close();
    for (const relay of this.relays.values()) await relay.close();
    await this.timers.advance(1_000);
  }

  #sendsTo(user: UserId, { url }: RelayTransport): boolean {
    return [...this.#members.values()].some((each) => each.user === user && each.transport?.url === url);
  }

  #announced(name: string, user: UserId, member: Announcement | null): void {
    if (member === null) this.#members.delete(name);
    else this.#members.set(name, { ...member, user });
    const relays = [...this.#members.values()].flatMap(({ transport }) => transport ?? []);
    const byUrl = new Map(relays.map((transport) => [transport.url, transport]));
    this.timers.after(100, () => this.#published.set([...byUrl.values(), ...this.#strangers]));
  }
}
