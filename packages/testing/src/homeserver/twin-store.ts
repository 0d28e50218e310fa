import { createHash } from 'node:crypto';
import type { UserId, Value } from '@weft/core';
import type { CreateRoomRequest, EventId, MxcUri, RoomAlias, RoomId, Timers } from '@weft/matrix';
import { isRoomAlias, parseEventId, parseMxcUri, parseRoomId } from '@weft/matrix';
import type { Membership } from './event-authority.ts';
import { EventGraph } from './event-graph.ts';
import { checkEvent } from './event-limits.ts';
import { answer } from './faults.ts';
import { NO_PEERS, type Peers, type TwinMedia } from './peers.ts';
import { STOCK, type Twist } from './state-resolution.ts';
import { NO_RATE_LIMIT, type RateLimit, TokenBucket } from './token-bucket.ts';
import { TwinDelayed } from './twin-delayed.ts';
import type { NewEvent, TwinEvent } from './twin-event.ts';
import { TwinMail } from './twin-mail.ts';
import { forbidden, TwinRoom } from './twin-room.ts';
import { ALL_RTC_FEATURES, type TwinRtcFeatures } from './twin-rtc-features.ts';

export interface TwinServerOptions {
  readonly timers: Timers;
  /** Default `twin.test`. */
  readonly name?: string;
  readonly rateLimit?: RateLimit;
  /** The server's clock minus that of the clients. Default 0. */
  readonly clockOffsetMs?: number;
  /** Whether it looks events up by time (MSC3030). Default true. */
  readonly findsMoments?: boolean;
  /** What an upload may hold. Default 50 MB. */
  readonly maxUploadBytes?: number;
  /** Whether sync tells the state after an update (MSC4222). Default true. */
  readonly stateAfter?: boolean;
  /** What it has for live sessions. Default: sticky and delayed events, and no transports. */
  readonly rtc?: Partial<TwinRtcFeatures>;
  /** The servers that it federates with. Default none. */
  readonly peers?: Peers;
  /** What its rooms do where branches disagree, besides what Matrix says. Default nothing. */
  readonly twist?: Twist;
}

const DEFAULT_MAX_UPLOAD_BYTES = 50_000_000;
const NOBODY: ReadonlySet<string> = new Set();

/** What a homeserver in memory keeps: rooms, aliases, media, allowances, and who waits for news. */
export class TwinStore {
  readonly name: string;
  readonly timers: Timers;
  readonly maxUploadBytes: number;
  readonly findsMoments: boolean;
  readonly stateAfter: boolean;
  readonly peers: Peers;
  /** The server's clock minus that of the clients; a step of it moves no timer. */
  clockOffsetMs: number;
  readonly mail = new TwinMail();
  readonly delayed = new TwinDelayed(this);
  readonly rtc: TwinRtcFeatures;
  readonly media = new Map<MxcUri, TwinMedia>();
  /** By user and field. */
  readonly profiles = new Map<string, Value>();
  /** Every request that arrived, as `user verb subject`. */
  readonly log: string[] = [];
  readonly #rateLimit: RateLimit;
  readonly #twist: Twist;
  readonly #rooms = new Map<RoomId, TwinRoom>();
  readonly #aliases = new Map<RoomAlias, RoomId>();
  readonly #buckets = new Map<UserId, TokenBucket>();
  readonly #followers = new Set<{ readonly room: RoomId; readonly wake: () => void }>();
  readonly #lobbies = new Set<{ readonly wake: () => void }>();
  #numbers = 0;
  #down = false;

  constructor(options: TwinServerOptions) {
    this.name = options.name ?? 'twin.test';
    this.timers = options.timers;
    this.clockOffsetMs = options.clockOffsetMs ?? 0;
    this.maxUploadBytes = options.maxUploadBytes ?? DEFAULT_MAX_UPLOAD_BYTES;
    this.findsMoments = options.findsMoments ?? true;
    this.stateAfter = options.stateAfter ?? true;
    this.rtc = { ...ALL_RTC_FEATURES, ...options.rtc };
    this.peers = options.peers ?? NO_PEERS;
    this.#rateLimit = options.rateLimit ?? NO_RATE_LIMIT;
    this.#twist = options.twist ?? STOCK;
  }

  now(): number {
    // Whole milliseconds, as in every event: delays with jitter leave the clock between two.
    return Math.floor(this.timers.now() + this.clockOffsetMs);
  }

  /** Whether it answers nothing, as a server that was killed. */
  get down(): boolean {
    return this.#down;
  }

  /** What it had accepted is there when it comes back. */
  set down(down: boolean) {
    this.#down = down;
    for (const follower of [...this.#followers]) follower.wake();
    this.mail.wake();
    for (const lobby of this.#lobbies) lobby.wake();
  }

  /** @throws HomeserverError `forbidden`: Synapse does not tell an unknown room from one that is none of your business */
  room(what: string, id: RoomId): TwinRoom {
    const room = this.#rooms.get(id);
    if (room === undefined) throw forbidden(what, `not in room ${id}, and room previews are disabled`);
    return room;
  }

  roomsOf(user: UserId): RoomId[] {
    return [...this.#rooms.values()].filter((room) => room.membership(user) === 'join').map(({ id }) => id);
  }

  invitationsOf(user: UserId): TwinRoom[] {
    return [...this.#rooms.values()].filter((room) => room.membership(user) === 'invite');
  }

  find(room: RoomId): TwinRoom | undefined {
    return this.#rooms.get(room);
  }

  /** Whether somebody of this server is in the room, so that it is told what happens there. */
  takesPart(room: RoomId): boolean {
    return this.#rooms.get(room)?.servers().has(this.name) === true;
  }

  /** The room as a server in it knows it, now that somebody of this server joins. */
  adopt(other: TwinRoom): TwinRoom {
    const room = this.#rooms.get(other.id) ?? new TwinRoom(other.id, other.graph);
    room.adopt(other);
    this.#rooms.set(room.id, room);
    return room;
  }

  alias(alias: RoomAlias): RoomId | undefined {
    return this.#aliases.get(alias);
  }

  addAlias(what: string, alias: RoomAlias, room: RoomId): void {
    if (this.#aliases.has(alias)) throw answer(what, 409, 'M_UNKNOWN', `Room alias ${alias} already exists`);
    this.#aliases.set(alias, room);
  }

  /** Synapse takes it out of the room's own list, too. */
  removeAlias(what: string, alias: RoomAlias, user: UserId): void {
    const id = this.#aliases.get(alias);
    if (id === undefined) return;
    const room = this.room(what, id);
    const event = { type: 'm.room.canonical_alias', sender: user, stateKey: '', content: {} };
    const refusal = room.refusal(event);
    if (refusal !== null) throw forbidden(what, refusal);
    this.#aliases.delete(alias);
    if (room.current(event.type, '')?.content.alias === alias) this.append(room, event);
  }

  /** Charges the user's allowance. */
  spend(what: string, user: UserId): void {
    const bucket = this.#buckets.get(user) ?? new TokenBucket(this.#rateLimit);
    this.#buckets.set(user, bucket);
    bucket.take(what, this.timers.now());
  }

  createRoom(what: string, creator: UserId, request: CreateRoomRequest): RoomId {
    const alias = request.aliasLocalpart === null ? null : `#${request.aliasLocalpart}:${this.name}`;
    if (alias !== null && isRoomAlias(alias) && this.#aliases.has(alias))
      throw answer(what, 400, 'M_ROOM_IN_USE', 'Room alias already taken');
    const users: unknown = request.powerLevels.users;
    if (typeof users === 'object' && users !== null && Object.hasOwn(users, creator))
      throw answer(what, 400, 'M_BAD_JSON', 'Creator user must not appear in content.users');
    const room = new TwinRoom(parseRoomId(`!${this.#hash('room')}`), new EventGraph(creator, this.#twist));
    const start: NewEvent[] = [
      {
        type: 'm.room.create',
        sender: creator,
        stateKey: '',
        content: { ...request.creation, room_version: request.roomVersion },
      },
      { type: 'm.room.member', sender: creator, stateKey: creator, content: { membership: 'join' } },
      { type: 'm.room.power_levels', sender: creator, stateKey: '', content: request.powerLevels },
      {
        type: 'm.room.join_rules',
        sender: creator,
        stateKey: '',
        content: { join_rule: request.access === 'public' ? 'public' : 'invite' },
      },
      {
        type: 'm.room.history_visibility',
        sender: creator,
        stateKey: '',
        content: { history_visibility: 'shared' },
      },
      ...request.initialState.map(({ type, stateKey, content }) => ({
        type,
        stateKey,
        content,
        sender: creator,
      })),
      { type: 'm.room.name', sender: creator, stateKey: '', content: { name: request.name } },
      ...(alias === null
        ? []
        : [{ type: 'm.room.canonical_alias', sender: creator, stateKey: '', content: { alias } }]),
      ...request.invite.map((user) => ({
        type: 'm.room.member',
        sender: creator,
        stateKey: user,
        content: { membership: 'invite' },
      })),
    ];
    for (const event of start) checkEvent(what, event.type, event.stateKey ?? null, event.content);
    this.#rooms.set(room.id, room);
    for (const event of start) this.append(room, event);
    if (alias !== null && isRoomAlias(alias)) this.#aliases.set(alias, room.id);
    return room.id;
  }

  /** Adds an event without asking who may: for what others' servers did, and for what was checked. */
  append(room: TwinRoom, event: NewEvent): EventId {
    const isAlone = this.peers === NO_PEERS;
    const before = isAlone ? NOBODY : room.servers();
    const made = this.make(room, event);
    room.append(made);
    this.wake(room.id);
    if (!isAlone) this.peers.send(this.name, room, made, before.union(room.servers()));
    return made.event_id;
  }

  /** Adds an event, where its sender is entitled to it. */
  submit(what: string, room: TwinRoom, event: NewEvent): EventId {
    const refusal = room.refusal(event);
    if (refusal !== null) throw forbidden(what, refusal);
    return room.same(event) ?? this.append(room, event);
  }

  /** An event of this server, at the end of the room as `room` has it. */
  make(room: TwinRoom, event: NewEvent): TwinEvent {
    const { type, sender, stateKey, content, stickyMs } = event;
    return {
      event_id: parseEventId(`$${this.#hash('event')}`),
      type,
      sender,
      ...(stateKey === undefined ? {} : { state_key: stateKey }),
      origin_server_ts: this.now(),
      // Through JSON, as over the wire: no later change of the caller's object gets in.
      content: JSON.parse(JSON.stringify(content)),
      ...(stickyMs === undefined ? {} : { msc4354_sticky: { duration_ms: stickyMs } }),
      ...room.position(event),
    };
  }

  setMembership(room: RoomId, sender: UserId, user: UserId, membership: Membership): EventId {
    const found = this.room('set a membership', room);
    return this.append(found, { type: 'm.room.member', sender, stateKey: user, content: { membership } });
  }

  /** A state resolution takes the key away: `/state` has it no more, and no sync says so. */
  vanish(room: RoomId, type: string, key: string): void {
    this.room('lose state', room).forget(type, key);
  }

  /** A state resolution makes an older event current again: only `state_after` says so. */
  resolveTo(room: RoomId, event: EventId): void {
    this.room('resolve state', room).resolveTo(event);
    this.wake(room);
  }

  store(bytes: Uint8Array, type: string): MxcUri {
    const uri = parseMxcUri(`mxc://${this.name}/${this.#hash('media').slice(0, 24)}`);
    this.media.set(uri, { bytes: new Uint8Array(bytes), type });
    return uri;
  }

  addFollower(follower: { readonly room: RoomId; readonly wake: () => void }): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  addLobby(lobby: { readonly wake: () => void }): () => void {
    this.#lobbies.add(lobby);
    return () => this.#lobbies.delete(lobby);
  }

  /** How many syncs of rooms are open. */
  get followers(): number {
    return this.#followers.size;
  }

  wake(room: RoomId): void {
    for (const follower of [...this.#followers]) if (follower.room === room) follower.wake();
    for (const lobby of this.#lobbies) lobby.wake();
  }

  // Servers share what they make, so each starts from its name; as with real hashes, the order of ids says nothing.
  #hash(kind: string): string {
    this.#numbers += 1;
    return createHash('sha256').update(`${this.name}/${kind}/${this.#numbers}`).digest('base64url');
  }
}
