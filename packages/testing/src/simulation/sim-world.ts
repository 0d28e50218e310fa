import { parseUserId } from '@weft/core';
import { createWorldRoom, HomeserverError, type MxcUri, type RoomId } from '@weft/matrix';
import { FakeTimers } from '../clock/fake-timers.ts';
import { Federation } from '../homeserver/federation.ts';
import { NO_RATE_LIMIT, STOCK_RATE_LIMIT } from '../homeserver/token-bucket.ts';
import type { TwinRoom } from '../homeserver/twin-room.ts';
import type { TwinServer } from '../homeserver/twin-server.ts';
import { SeededRandom } from '../random/seeded-random.ts';
import { sourcesIn } from './carrier-types.ts';
import { type Counts, noCounts } from './counts.ts';
import { makeEdit } from './edit-step.ts';
import { changeRoom } from './room-step.ts';
import type { Script, Step } from './script.ts';
import { SimClient } from './sim-client.ts';
import type { Trace } from './trace.ts';
import { twistOf } from './twist.ts';

const AUDITOR = 'auditor';
const PLAIN_DEVICE = { skewMs: 0, keeps: false } as const;
const START_MS = 3000;
const LINK_PAUSE_MS = 5000;
const STEWARD = 50;
const HEARTBEAT = 'world.weft.avatar';

/** Servers, links, clients and clocks of one run, in one process and under one virtual clock. */
export class SimWorld {
  readonly timers: FakeTimers;
  readonly federation: Federation;
  readonly clients: readonly SimClient[];
  /** On each server somebody who only looks, is never thrown out, and whose client never dies. */
  readonly auditors: readonly SimClient[];
  readonly room: RoomId;
  readonly counts: Counts;
  readonly violations: string[] = [];
  /** What media repositories lost. */
  readonly lostMedia = new Map<MxcUri, Uint8Array>();
  readonly #script: Script;
  readonly #trace: Trace;
  readonly #shown = new Map<string, { events: number; requests: number }>();
  readonly #startedMs: number;

  private constructor(parts: {
    readonly timers: FakeTimers;
    readonly federation: Federation;
    readonly room: RoomId;
    readonly script: Script;
    readonly trace: Trace;
    readonly counts: Counts;
  }) {
    this.timers = parts.timers;
    this.#startedMs = this.timers.now();
    this.federation = parts.federation;
    this.room = parts.room;
    this.counts = parts.counts;
    this.#trace = parts.trace;
    this.#script = parts.script;
    this.clients = this.#script.users.map((device, at) => {
      const account = accountOf(this.#script, at);
      const server = this.#server(this.#script.users[account]?.server ?? 0);
      return this.#make(nameOf(at), nameOf(account), server, device, '');
    });
    this.auditors = this.servers.map((server) => this.#make(AUDITOR, AUDITOR, server, PLAIN_DEVICE, ''));
  }

  /** A world whose users are all starting their clients. */
  static async start(script: Script, trace: Trace): Promise<SimWorld> {
    const timers = new FakeTimers();
    const counts = noCounts();
    const federation = new Federation({ timers, random: new SeededRandom(`links/${script.seed}`) });
    const twist = twistOf(script, counts);
    script.servers.forEach(({ offsetMs, stateAfter, limited }, at) => {
      const rateLimit = limited ? STOCK_RATE_LIMIT : NO_RATE_LIMIT;
      federation.add(`s${at}.test`, { clockOffsetMs: offsetMs, stateAfter, rateLimit, twist });
    });
    const { servers } = federation;
    const accounts = script.users.flatMap((user, at) => {
      const id = `@${nameOf(at)}:s${user.server % servers.length}.test`;
      return accountOf(script, at) === at ? [{ id, level: user.level }] : [];
    });
    const others = accounts.slice(1);
    const everybody = [...others.map(({ id }) => id), ...servers.map(({ name }) => `@${AUDITOR}:${name}`)];
    const owner = federation.servers[0]?.connect(nameOf(0));
    if (owner === undefined) throw new RangeError('a world needs a server');
    const room = await createWorldRoom(owner, {
      title: 'Simulated',
      access: 'private',
      invite: everybody.map((user) => parseUserId(user)),
      levels: Object.fromEntries(others.map(({ id, level }) => [id, level])),
      timers,
      random: new SeededRandom(`room/${script.seed}`).bytes,
    });
    const world = new SimWorld({ timers, federation, room, script, trace, counts });
    for (const client of [...world.auditors, ...world.clients]) world.#open(client);
    await world.advance(START_MS);
    for (const link of federation.links) link.quality = script.links;
    return world;
  }

  get servers(): readonly TwinServer[] {
    return this.federation.servers;
  }

  get everybody(): readonly SimClient[] {
    return [...this.clients, ...this.auditors];
  }

  roomAt(server: TwinServer): TwinRoom {
    const room = server.find(this.room);
    if (room === undefined) throw new RangeError(`${server.name} does not know the room`);
    return room;
  }

  async advance(ms: number): Promise<void> {
    await this.timers.advance(ms);
    this.#record();
  }

  async play(step: Step): Promise<void> {
    this.counts.steps += 1;
    await this.advance(step.afterMs);
    this.note(`step ${JSON.stringify(step)}`);
    this.#do(step);
  }

  /** Everything works again, and every branch of the room meets every other. */
  async heal(): Promise<void> {
    // Whoever is closing a client lets go of its device first.
    await this.advance(0);
    for (const server of this.servers) server.down = false;
    for (const client of this.everybody) client.mend();
    this.federation.heal();
    // What is only on a device comes to light when its user is there again.
    for (const client of this.clients) if (client.disk !== null) this.#open(client);
    for (let round = 0; round < 3; round += 1) {
      await this.advance(LINK_PAUSE_MS);
      for (const { other, userId } of this.auditors) {
        const content = { beat: round };
        await this.#settle(other.sendState(this.room, { type: HEARTBEAT, stateKey: userId, content }));
      }
    }
    await this.advance(LINK_PAUSE_MS);
  }

  /** Sums up, at the end. */
  count(): Counts {
    this.counts.virtualMs = this.timers.now() - this.#startedMs;
    this.counts.softFailures = this.servers.reduce(
      (sum, server) => sum + (server.find(this.room)?.failures ?? 0),
      0,
    );
    return this.counts;
  }

  /** Opens the world once more on each server, by somebody who comes only now. */
  async openLate(waitMs: number): Promise<readonly SimClient[]> {
    const late = this.servers.map((server) => this.#make(AUDITOR, AUDITOR, server, PLAIN_DEVICE, 'late'));
    for (const client of late) client.open();
    await this.advance(waitMs);
    return late;
  }

  note(line: string): void {
    this.#trace.add(`${this.#nowMs} ${line}`);
  }

  /** Waits, under the clock, for a promise that a homeserver settles. */
  async #settle(promise: Promise<unknown>): Promise<void> {
    let isDone = false;
    promise.then(
      () => (isDone = true),
      () => (isDone = true),
    );
    while (!isDone) await this.advance(1000);
  }

  get #nowMs(): string {
    return (this.timers.now() - this.#startedMs).toFixed(1);
  }

  #do(step: Step): void {
    const { counts } = this;
    switch (step.do) {
      case 'edit': {
        const { process } = this.#among(this.clients.filter(mayEdit), step.who) ?? {};
        if (process != null && makeEdit(process, step.edit, step.pick, step.to)) counts.edits += 1;
        return;
      }
      case 'open':
        this.#open(this.#client(step.who));
        return;
      case 'close':
        void this.#client(step.who).close();
        return;
      case 'crash':
        if (this.#client(step.who).crash()) counts.crashes += 1;
        return;
      case 'offline':
      case 'online':
        if (step.do === 'offline') counts.outages += 1;
        this.#client(step.who).setOffline(step.do === 'offline');
        return;
      case 'mute':
      case 'unmute':
        if (step.do === 'mute') counts.outages += 1;
        this.#client(step.who).setMute(step.do === 'mute');
        return;
      case 'fault':
        counts.faults += step.times;
        this.#client(step.who).addFault(step.fault, step.times);
        return;
      case 'disk':
        if (this.#client(step.who).addDiskFault(step.fault)) counts.diskFaults += 1;
        return;
      case 'disk-full':
      case 'disk-free':
        if (this.#client(step.who).setDiskFull(step.do === 'disk-full')) counts.diskFaults += 1;
        return;
      case 'checkpoint':
        if (this.#moderator(step.who).checkpoint()) counts.checkpoints += 1;
        return;
      case 'step-client':
        counts.clockSteps += 1;
        this.#client(step.who).stepClock(step.byMs);
        return;
      case 'wait':
        return;
      case 'split':
      case 'cut':
      case 'heal':
      case 'down':
      case 'up':
      case 'step-server':
      case 'forget-media':
        this.#doToServers(step);
        return;
      default:
        this.#doToRoom(step);
    }
  }

  #doToServers(step: ServerStep): void {
    const { servers, federation, counts } = this;
    switch (step.do) {
      case 'split': {
        const side = (bit: number) => servers.filter((_, at) => ((step.sides >> at) & 1) === bit);
        counts.partitions += 1;
        federation.split(...[0, 1].map((bit) => side(bit).map(({ name }) => name)));
        return;
      }
      case 'cut': {
        const [from, to] = [this.#server(step.from), this.#server(step.to)];
        if (from === to) return;
        counts.partitions += 1;
        federation.link(from.name, to.name).cut();
        return;
      }
      case 'heal':
        federation.heal();
        return;
      case 'down':
      case 'up':
        if (step.do === 'down') counts.outages += 1;
        this.#server(step.server).down = step.do === 'down';
        return;
      case 'step-server':
        counts.clockSteps += 1;
        this.#server(step.server).clockOffsetMs += step.byMs;
        return;
      case 'forget-media':
        this.#forgetMedia(this.#server(step.server));
    }
  }

  #forgetMedia({ media }: TwinServer): void {
    for (const [uri, { bytes }] of media) {
      this.lostMedia.set(uri, bytes);
      if (this.#isPointedTo(uri)) this.counts.mediaLosses += 1;
    }
    media.clear();
  }

  #isPointedTo(uri: MxcUri): boolean {
    return this.servers.some((server) =>
      server.find(this.room)?.state.some(({ content }) => sourcesIn(content).includes(uri)),
    );
  }

  #doToRoom(step: RoomStep): void {
    const client = step.do === 'leave' ? this.#client(step.who) : this.#moderator(step.who);
    const known = client.server.find(this.room);
    // The owner of the world stays, else there might be nobody left to ask.
    const target = this.#client('target' in step ? step.target : step.who);
    if (known === undefined || client.server.down) return;
    if (target.userId === this.clients[0]?.userId && (step.do === 'leave' || 'target' in step)) return;
    const { counts } = this;
    if (step.do === 'kick') counts.kicks += 1;
    if (step.do === 'ban') counts.bans += 1;
    if (step.do === 'level') counts.demotions += 1;
    if (step.do === 'redact' || step.do === 'empty') counts.purges += 1;
    changeRoom(client.other, this.room, known, step, target.userId).catch((error: unknown) => {
      if (!(error instanceof HomeserverError)) this.violations.push(`${step.do} threw ${String(error)}`);
    });
  }

  #make(
    name: string,
    account: string,
    server: TwinServer,
    { skewMs, keeps }: Device,
    label: string,
  ): SimClient {
    const { seed, links } = this.#script;
    return new SimClient({
      name,
      account,
      server,
      room: this.room,
      via: [this.#server(0).name],
      timers: this.timers,
      skewMs,
      keeps,
      random: new SeededRandom(`clients/${seed}/${server.name}/${name}/${label}`),
      delayMs: links.clientDelayMs,
      damaged: () => {
        this.counts.damages += 1;
      },
      tell: (line) => this.note(`${label} ${line}`),
      violated: (what) => this.violations.push(what),
    });
  }

  #open(client: SimClient): void {
    if (client.open()) this.counts.openings += 1;
  }

  /** What the servers did since the last look. */
  #record(): void {
    for (const server of this.servers) {
      const shown = this.#shown.get(server.name) ?? { events: 0, requests: 0 };
      this.#shown.set(server.name, shown);
      for (const line of server.log.slice(shown.requests)) this.#trace.add(`${server.name} request ${line}`);
      this.counts.requests += server.log.length - shown.requests;
      shown.requests = server.log.length;
      const timeline = server.find(this.room)?.timeline ?? [];
      for (const { event_id: id, type, sender, state_key: key, content } of timeline.slice(shown.events))
        this.#trace.add(`${server.name} ${id} ${sender} ${type} ${key} ${JSON.stringify(content)}`);
      this.counts.events += timeline.length - shown.events;
      shown.events = timeline.length;
    }
  }

  #mayModerate({ server, userId }: SimClient): boolean {
    const room = server.find(this.room);
    return room?.membership(userId) === 'join' && room.levelOf(userId) >= STEWARD;
  }

  #moderator(number: number): SimClient {
    const moderators = this.clients.filter((one) => this.#mayModerate(one));
    return this.#among(moderators, number) ?? this.#client(0);
  }

  #among(clients: readonly SimClient[], number: number): SimClient | undefined {
    return clients[number % Math.max(1, clients.length)];
  }

  #client(number: number): SimClient {
    const client = this.#among(this.clients, number);
    if (client === undefined) throw new RangeError('a world needs users');
    return client;
  }

  #server(number: number): TwinServer {
    const server = this.servers[number % this.servers.length];
    if (server === undefined) throw new RangeError('a world needs a server');
    return server;
  }
}

type Device = Pick<Script['users'][number], 'skewMs' | 'keeps'>;
type ServerStep = Extract<
  Step,
  { readonly do: 'split' | 'cut' | 'heal' | 'down' | 'up' | 'step-server' | 'forget-media' }
>;
type RoomStep = Parameters<typeof changeRoom>[3];

function mayEdit({ process }: SimClient): boolean {
  return process?.session?.standing.readOnly === null;
}

/** Whose device the user of this number is: an own one, or an earlier user's. */
function accountOf({ users }: Pick<Script, 'users'>, at: number): number {
  const of = users[at]?.deviceOf;
  return of === undefined || at === 0 ? at : accountOf({ users }, of % at);
}

function nameOf(user: number): string {
  return `u${user}`;
}
