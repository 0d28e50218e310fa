import {
  type ActorId,
  Cell,
  encodePatch,
  newActorId,
  type ObjectId,
  type Patch,
  parsePath,
  parseUserId,
  patchOf,
  timeFromMs,
} from '@weft/core';
import { type Announcement, createSessionKey, type Ticket, type TicketRequest } from '@weft/live';
import {
  type DownFrame,
  decodeFrame,
  encodeFrame,
  encodeWirePatch,
  type Hello,
  laneUrl,
  newRunId,
  type RelayTransport,
  relayTransport,
  type Snapshot,
  type UpFrame,
  type Welcome,
} from '@weft/protocol';
import { FakeTimers, SeededRandom } from '@weft/testing';
import { SimLaneClient, SimNetwork, type SimServer } from '@weft/testing/lane';

const USER = parseUserId('@ann:example.org');
/** Smaller than it may be, so that a small world has many. */
const CHUNK_BYTES = 4_096;
const BOB = 'actor-bob-1' as ActorId;

/** One socket of a client, as the relay of a test has it. */
export class ScriptedSocket {
  readonly frames: UpFrame[] = [];
  readonly #socket: Parameters<SimServer['connected']>[0];

  constructor(socket: Parameters<SimServer['connected']>[0]) {
    this.#socket = socket;
  }

  send(...frames: readonly DownFrame[]): void {
    for (const frame of frames) this.#socket.send(encodeFrame(frame));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket.send(bytes);
  }

  close(code: number, reason = ''): void {
    this.#socket.close(code, reason);
  }

  of<Type extends UpFrame['type']>(type: Type): Extract<UpFrame, { type: Type }>[] {
    return this.frames.filter((frame): frame is Extract<UpFrame, { type: Type }> => frame.type === type);
  }
}

/** A relay that says what a test says, and one client of it. */
export class ScriptedRelay implements SimServer {
  readonly timers = new FakeTimers();
  readonly random = new SeededRandom('scripted');
  readonly network = new SimNetwork(this.timers, this.random.fork('network'), 5);
  readonly transport: RelayTransport = relayTransport(
    'wss://relay.example.org',
    parseUserId('@relay:example.org'),
  );
  readonly run = newRunId(this.random.bytes);
  readonly sockets: ScriptedSocket[] = [];
  readonly requests: TicketRequest[] = [];
  readonly announced: (Announcement | null)[] = [];
  isRunning = true;
  /** What a hello is answered with. Default: a welcome, and nothing was missed. */
  onHello: (socket: ScriptedSocket, hello: Hello) => void = (socket) => socket.send(this.welcome());
  /** What a ticket request is answered with; may throw. */
  onRequest: () => Ticket = () => ({ ticket: 'ticket', expiresMs: 60_000, url: this.transport.url });
  #client: SimLaneClient | null = null;

  static async open(prepare: (relay: ScriptedRelay) => void = () => undefined): Promise<ScriptedRelay> {
    const relay = new ScriptedRelay();
    prepare(relay);
    relay.network.listen(laneUrl(relay.transport), relay);
    await relay.#begin();
    return relay;
  }

  get client(): SimLaneClient {
    if (this.#client === null) throw new Error('There is no client.');
    return this.#client;
  }

  get channel() {
    return this.client.channel;
  }

  get stage() {
    return this.channel.status.value.stage;
  }

  /** The socket that was opened last. */
  get socket(): ScriptedSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('Nobody connected.');
    return socket;
  }

  connected(socket: Parameters<SimServer['connected']>[0]): ReturnType<SimServer['connected']> {
    const scripted = new ScriptedSocket(socket);
    this.sockets.push(scripted);
    return {
      received: (bytes) => {
        const frame = decodeFrame(bytes, 'to-relay');
        scripted.frames.push(frame);
        if (frame.type === 'hello') this.onHello(scripted, frame);
        if (frame.type === 'clock-up')
          scripted.send({ type: 'clock', at: frame.at, relayMs: this.timers.now() + CLOCK_AHEAD_MS });
      },
      closed: () => undefined,
    };
  }

  grant(_user: unknown, _device: string, request: TicketRequest): Ticket {
    this.requests.push(request);
    return this.onRequest();
  }

  welcome(changes: Partial<Welcome> = {}): Welcome {
    return {
      ...{ type: 'welcome', version: 1, run: this.run, session: 1, through: 0, missed: 0, resumed: null },
      ...{
        kind: 'live-only',
        snapshotBytes: 0,
        snapshotObjects: 0,
        committed: 0,
        level: 25,
        nowMs: this.timers.now(),
      },
      limits: {
        ...{ frameBytes: 1_048_576, patchBytes: 261_120, patchObjects: 5_000 },
        ...{ framesPerSecond: 100, frameBurst: 200, bytesPerSecond: 1_048_576 },
      },
      people: [
        { session: 1, user: USER, device: 'client', actor: this.client.replica.clock.actor, level: 25 },
      ],
      ...changes,
    };
  }

  /** What somebody else wrote. */
  saying(id: string, value: string | number, at = 1): Patch {
    const stamp = { time: timeFromMs(this.timers.now(), at), actor: BOB };
    return patchOf({
      registers: [{ id: id as ObjectId, path: parsePath('node.name'), register: { value, stamp } }],
      actors: [[BOB, [parseUserId('@bob:example.org')]]],
    });
  }

  patchDown(seq: number, patch: Patch, committed = 0): DownFrame {
    return { type: 'patch-down', seq, session: 0, user: null, committed, patch: encodeWirePatch(patch) };
  }

  /** A file in parts, and how large it is. */
  snapshot(patch: Patch): { readonly bytes: number; readonly parts: readonly Snapshot[] } {
    const file = encodePatch(patch);
    const count = Math.ceil(file.length / CHUNK_BYTES);
    const parts = Array.from({ length: count }, (_, index): Snapshot => {
      const start = index * CHUNK_BYTES;
      return { type: 'snapshot', index, count, bytes: file.slice(start, start + CHUNK_BYTES) };
    });
    return { bytes: file.length, parts };
  }

  name(id: string): unknown {
    return this.client.replica.scene.get(id as ObjectId)?.node?.name;
  }

  async until(holds: () => boolean, withinMs = 10_000): Promise<number> {
    for (let ms = 0; ms <= withinMs; ms += 10) {
      if (holds()) return ms;
      await this.timers.advance(10);
    }
    throw new Error(`Not within ${withinMs} ms: ${this.channel.status.value.sentence}`);
  }

  async live(): Promise<void> {
    await this.until(() => this.stage === 'live');
  }

  async close(): Promise<void> {
    await this.channel.close();
    await this.timers.advance(1_000);
  }

  async #begin(): Promise<void> {
    const random = this.random.fork('client');
    const { url } = this.transport;
    this.#client = new SimLaneClient({
      ...{
        name: 'client',
        user: USER,
        room: '!world:example.org',
        timers: this.timers,
        network: this.network,
        random,
      },
      actor: newActorId(random.bytes),
      key: await createSessionKey({ subtle: undefined, random: random.bytes }),
      relays: new Map([[url, this]]),
      candidates: new Cell<readonly RelayTransport[]>([this.transport]),
      published: new Cell<readonly RelayTransport[]>([]),
      sendsTo: () => true,
      announced: (member) => this.announced.push(member),
    });
  }
}

/** How much the clock of the relay is ahead. */
export const CLOCK_AHEAD_MS = 4_000;
