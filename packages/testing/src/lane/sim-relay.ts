import { createPublicKey, verify } from 'node:crypto';
import { fromBase64Url, newActorId, type Patch, toBase64Url, type UserId } from '@weft/core';
import type { TicketRequest } from '@weft/live';
import {
  CLOSE_CODES,
  decodeFrame,
  type Hello,
  helloBytes,
  laneUrl,
  type RelayTransport,
  relayTransport,
  type TicketRefusalCode,
  TicketRefused,
} from '@weft/protocol';
import {
  documentPart,
  type LaneRoom,
  type LaneSession,
  type LaneSocket,
  motionPart,
  openLaneRoom,
  presencePart,
  ROOM_LIMITS,
  type RoomLimits,
  StoreJournal,
} from '@weft/relay';
import type { FakeTimers } from '../clock/fake-timers.ts';
import type { SeededRandom } from '../random/seeded-random.ts';
import { TwinDisk } from '../store/twin-disk.ts';
import { MortalTimers } from './mortal-timers.ts';
import type { SimNetwork, SimServer } from './sim-network.ts';
import { TwinLaneWorld } from './twin-lane-world.ts';
import { virtualMotion } from './virtual-motion.ts';

const STORE = 'lane';
const TICKET_BYTES = 32;
const TICKET_LIFE_MS = 60_000;
const ED25519_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

interface Granted {
  readonly user: UserId;
  readonly device: string;
  readonly request: TicketRequest;
}

export interface SimRelayOptions {
  readonly url: string;
  readonly user: UserId;
  readonly room: string;
  readonly timers: FakeTimers;
  readonly random: SeededRandom;
  readonly network: SimNetwork;
  readonly levels: ReadonlyMap<UserId, number>;
  readonly limits?: Partial<RoomLimits>;
}

/** A relay of one world: the product's room over a disk that outlives it, behind tickets, on a network of the test. */
export class SimRelay implements SimServer {
  readonly transport: RelayTransport;
  readonly disk = new TwinDisk();
  /** Refuses tickets so long as it is set. */
  refuses: TicketRefusalCode | null = null;
  readonly #options: SimRelayOptions;
  readonly #tickets = new Map<string, Granted>();
  #process: MortalTimers;
  #room: LaneRoom | null = null;
  #world: TwinLaneWorld | null = null;
  #runs = 0;

  constructor(options: SimRelayOptions) {
    this.#options = options;
    this.transport = relayTransport(options.url, options.user);
    this.#process = new MortalTimers(options.timers);
  }

  get isRunning(): boolean {
    return this.#room !== null;
  }

  get runs(): number {
    return this.#runs;
  }

  get room(): LaneRoom {
    if (this.#room === null) throw new Error(`${this.#options.url} does not run.`);
    return this.#room;
  }

  get world(): TwinLaneWorld {
    if (this.#world === null) throw new Error(`${this.#options.url} never ran.`);
    return this.#world;
  }

  /** @param state what the room holds, which a relay reads from its homeserver before it lets anybody in */
  async start(state?: Patch): Promise<void> {
    const { timers, random, network, levels, limits = {} } = this.#options;
    this.#process = new MortalTimers(timers);
    const actor = newActorId(random.bytes);
    const world = new TwinLaneWorld({ actor, now: timers.now, levels: this.#world?.levels ?? levels });
    world.settle(state ?? this.#world?.state ?? { objects: new Map(), actors: new Map() });
    this.#world = world;
    this.#runs += 1;
    this.#room = await openLaneRoom({
      world,
      journal: new StoreJournal(await this.disk.open(STORE)),
      timers: this.#process,
      random: random.bytes,
      log: { info: () => undefined, warn: () => undefined },
      limits: { ...ROOM_LIMITS, ...limits },
      parts: [documentPart(), presencePart(), motionPart(virtualMotion(this.#process))],
    });
    network.listen(laneUrl(this.transport), this);
  }

  /** As kill -9: what was not committed is gone, and its machine answers that nobody is there. */
  kill(): void {
    this.disk.crash();
    this.#process.kill();
    this.#room = null;
    this.#tickets.clear();
    this.#options.network.close(laneUrl(this.transport));
  }

  async close(): Promise<void> {
    await this.#room?.close();
    this.#room = null;
    this.#options.network.close(laneUrl(this.transport));
  }

  /** @throws TicketRefused */
  grant(
    user: UserId,
    device: string,
    request: TicketRequest,
  ): { ticket: string; expiresMs: number; url: string } {
    if (this.refuses !== null) throw new TicketRefused(this.refuses, 'The relay says no.');
    if (this.world.access(user) === null) throw new TicketRefused('forbidden', 'Not in the room.');
    const ticket = toBase64Url(this.#options.random.bytes(TICKET_BYTES));
    this.#tickets.set(ticket, { user, device, request });
    return { ticket, expiresMs: TICKET_LIFE_MS, url: this.transport.url };
  }

  connected(socket: LaneSocket): { received(bytes: Uint8Array): void; closed(): void } {
    let session: LaneSession | null = null;
    const room = this.#room;
    return {
      received: (bytes) => {
        if (this.#room !== room || room === null) return;
        const frame = decodeFrame(bytes, 'to-relay');
        if (session !== null) session.receive(frame);
        else if (frame.type === 'hello') session = this.#admit(frame, room, socket);
        else socket.close(CLOSE_CODES.malformed, 'no hello');
      },
      closed: () => {
        if (this.#room === room) session?.closed();
      },
    };
  }

  #admit(hello: Hello, room: LaneRoom, socket: LaneSocket): LaneSession | null {
    const granted = this.#tickets.get(hello.ticket);
    this.#tickets.delete(hello.ticket);
    if (granted === undefined || !this.#isTrue(hello, granted)) {
      socket.close(CLOSE_CODES.unauthenticated, 'the ticket does not hold');
      return null;
    }
    const { user, device, request } = granted;
    return room.join({ user, device, memberId: request.memberId, hello }, socket);
  }

  #isTrue({ ticket, nonce, room, signature }: Hello, { request }: Granted): boolean {
    if (nonce !== request.nonce || room !== this.#options.room) return false;
    const der = Buffer.concat([ED25519_PREFIX, fromBase64Url(request.key) ?? new Uint8Array()]);
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return verify(null, helloBytes({ ticket, nonce, url: this.transport.url, room }), key, signature);
  }
}
