import { createHash } from 'node:crypto';
import { toBase64Url, type UserId } from '@weft/core';
import {
  type CreateWorldRoomOptions,
  createWorldRoom,
  inviteRelay,
  type ReceivedToDevice,
  type RoomId,
} from '@weft/matrix';
import {
  relayTransport,
  TICKET_EVENT,
  TICKET_REFUSED_EVENT,
  TICKET_REQUEST_EVENT,
  type TicketRequestMessage,
  ticketRequestContent,
} from '@weft/protocol';
import { type LaneRoom, type LaneWorld, openLaneRoom, ROOM_LIMITS, StoreJournal } from '@weft/relay';
import { FakeTimers, SeededRandom } from '@weft/testing';
import { type TwinHomeserver, TwinServer, type TwinServerOptions } from '@weft/testing/homeserver';
import { TwinDisk } from '@weft/testing/store';
import { TicketOffice } from '../../src/admission/ticket-office.ts';
import type { RelayConfig } from '../../src/config/relay-config.ts';
import { RelayAccount } from '../../src/matrix/relay-account.ts';
import type { WorldRooms } from '../../src/matrix/world-rooms.ts';
import { TestClient } from '../lane/test-client.ts';

const URL = 'wss://relay.test';
const SILENT = { info: () => undefined, warn: () => undefined };
const KEY = toBase64Url(new Uint8Array(32).fill(7));

export interface RelayUnderTestOptions {
  readonly worlds?: Partial<RelayConfig['worlds']>;
  readonly server?: Partial<TwinServerOptions>;
}

/** A relay's account on a twin, with real rooms behind it, under a clock that only the test moves. */
export class RelayUnderTest {
  readonly timers = new FakeTimers();
  readonly random = new SeededRandom('relay account');
  readonly server: TwinServer;
  readonly disk = new TwinDisk();
  readonly owner: TwinHomeserver;
  readonly office: TicketOffice;
  readonly revoked: { readonly user: UserId; readonly room: string }[] = [];
  readonly #options: RelayUnderTestOptions;
  #homeserver: TwinHomeserver;
  #account: RelayAccount | null = null;
  #questions = 0;

  constructor(options: RelayUnderTestOptions = {}) {
    this.#options = options;
    this.server = new TwinServer({ timers: this.timers, ...options.server });
    this.owner = this.server.connect('owner');
    this.#homeserver = this.server.connectDevice('relay');
    this.office = new TicketOffice({
      url: URL,
      now: this.timers.now,
      random: this.random.bytes,
      verify: () => true,
      mayEnter: (...who) => this.account.mayEnter(...who),
      limits: { ticketMs: 60_000, tickets: 100, ticketsPerUser: 8 },
    });
  }

  get account(): RelayAccount {
    if (this.#account === null) throw new Error('The relay does not run.');
    return this.#account;
  }

  /** The connection of the relay to its homeserver. */
  get homeserver(): TwinHomeserver {
    return this.#homeserver;
  }

  async start(): Promise<void> {
    this.#homeserver = this.server.connectDevice('relay');
    const opening = RelayAccount.open({
      homeserver: this.#homeserver,
      worlds: { allowed: ['*'], most: 8, guests: 'off', ...this.#options.worlds },
      rooms: new TestRooms(this),
      office: this.office,
      revoke: (user, room) => this.revoked.push({ user, room }),
      timers: this.timers,
      random: this.random.bytes,
      log: SILENT,
    });
    await this.timers.advance(100);
    this.#account = await opening;
    await this.timers.advance(500);
  }

  async stop(): Promise<void> {
    const closing = this.account.close();
    await this.timers.advance(1000);
    await closing;
    this.#account = null;
  }

  async world(options: Partial<CreateWorldRoomOptions> = {}): Promise<RoomId> {
    const { timers } = this;
    const random = this.random.bytes;
    return createWorldRoom(this.owner, { title: 'W', access: 'private', timers, random, ...options });
  }

  /** Asks the relay in as owners do, and lets it come. */
  async invite(room: RoomId): Promise<void> {
    await inviteRelay(this.owner, room, relayTransport(URL, this.#homeserver.userId));
    await this.timers.advance(1000);
  }

  /** A user of this name, in the room with this level. */
  async member(room: RoomId, name: string, level = 0): Promise<TwinHomeserver> {
    const homeserver = this.server.connect(name);
    this.server.setMembership(room, this.owner.userId, homeserver.userId, 'invite');
    await homeserver.join(room, []);
    if (level !== 0) await this.setLevel(room, homeserver.userId, level);
    await this.timers.advance(100);
    return homeserver;
  }

  async setLevel(room: RoomId, user: UserId, level: number): Promise<void> {
    const type = 'm.room.power_levels';
    const content = await this.owner.readStateEvent(room, type, '');
    const users = { ...Object(content?.users), [user]: level };
    await this.owner.sendState(room, { type, stateKey: '', content: { ...Object(content), users } });
  }

  roomOf(room: RoomId): LaneRoom {
    const lane = this.account.roomOf(room);
    if (lane === null) throw new Error(`${room} is not served`);
    return lane;
  }

  /** Comes in over a socket, as whoever was let in. */
  client(room: RoomId, { userId: user }: TwinHomeserver, mode: 'play' | 'read' = 'play'): TestClient {
    const client = new TestClient({
      timers: this.timers,
      room: () => this.roomOf(room),
      user,
      device: 'DEVICE',
      actor: this.random.fork(`actor of ${user}`).bytes,
      mode,
    });
    client.connect();
    return client;
  }

  question(room: string): TicketRequestMessage {
    this.#questions += 1;
    const nonce = String(this.#questions).padStart(22, 'A');
    return { room, memberId: 'm', nonce, device: '', key: KEY, purpose: 'lane' };
  }

  /** Asks for a ticket, and what the relay answers in this time. */
  async ask(
    homeserver: TwinHomeserver,
    request: TicketRequestMessage,
    ms = 100,
  ): Promise<readonly ReceivedToDevice[]> {
    const answers: ReceivedToDevice[] = [];
    const stop = homeserver.onToDevice((message) => answers.push(message));
    const lobby = await homeserver.enterLobby({ invited: () => undefined, connection: () => undefined });
    const device = homeserver.deviceId;
    const content = ticketRequestContent({ ...request, device });
    const to = { user: this.#homeserver.userId, device: '*', content };
    await homeserver.sendToDevice(TICKET_REQUEST_EVENT, [to]);
    await this.timers.advance(ms);
    stop();
    lobby.stop();
    return answers.filter(({ type }) => type === TICKET_EVENT || type === TICKET_REFUSED_EVENT);
  }
}

/** Rooms with journals on one disk. */
class TestRooms implements WorldRooms {
  readonly #test: RelayUnderTest;
  readonly #rooms = new Map<string, LaneRoom>();

  constructor(test: RelayUnderTest) {
    this.#test = test;
  }

  get count(): number {
    return this.#rooms.size;
  }

  of(room: string): LaneRoom | null {
    return this.#rooms.get(room) ?? null;
  }

  async open(room: string, world: LaneWorld): Promise<LaneRoom> {
    const { timers, random, disk } = this.#test;
    const opened = await openLaneRoom({
      world,
      journal: new StoreJournal(
        await disk.open(createHash('sha256').update(room).digest('hex').slice(0, 32)),
      ),
      timers,
      random: random.bytes,
      log: SILENT,
      limits: ROOM_LIMITS,
      parts: [],
    });
    this.#rooms.set(room, opened);
    return opened;
  }

  async close(room: string): Promise<void> {
    const opened = this.#rooms.get(room);
    this.#rooms.delete(room);
    await opened?.close();
  }

  async drain(inMs: number): Promise<void> {
    await Promise.all([...this.#rooms.values()].map((room) => room.drain(inMs)));
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#rooms.keys()].map((room) => this.close(room)));
  }
}
