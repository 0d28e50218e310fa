import type { UserId } from '@weft/core';
import type { CreateRoomRequest, EventId, MxcUri, RoomAlias, RoomId, Timers } from '@weft/matrix';
import { isRoomAlias, parseEventId, parseMxcUri, parseRoomId } from '@weft/matrix';
import { checkEvent } from './event-limits.ts';
import { answer } from './faults.ts';
import { NO_RATE_LIMIT, type RateLimit, TokenBucket } from './token-bucket.ts';
import { forbidden, type Membership, type TwinEvent, TwinRoom } from './twin-room.ts';

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
}

interface NewEvent {
  readonly type: string;
  readonly sender: UserId;
  readonly stateKey?: string;
  readonly content: Readonly<Record<string, unknown>>;
}

const DEFAULT_MAX_UPLOAD_BYTES = 50_000_000;
const ID_CHARACTERS = 43;

/** What a homeserver in memory keeps: rooms, aliases, media, allowances, and who waits for news. */
export class TwinStore {
  readonly name: string;
  readonly timers: Timers;
  readonly clockOffsetMs: number;
  readonly maxUploadBytes: number;
  readonly findsMoments: boolean;
  readonly media = new Map<MxcUri, { readonly bytes: Uint8Array; readonly type: string }>();
  /** Every request that arrived, as `user verb subject`. */
  readonly log: string[] = [];
  readonly #rateLimit: RateLimit;
  readonly #rooms = new Map<RoomId, TwinRoom>();
  readonly #aliases = new Map<RoomAlias, RoomId>();
  readonly #buckets = new Map<UserId, TokenBucket>();
  readonly #followers = new Set<{ readonly room: RoomId; readonly wake: () => void }>();
  #numbers = 0;

  constructor(options: TwinServerOptions) {
    this.name = options.name ?? 'twin.test';
    this.timers = options.timers;
    this.clockOffsetMs = options.clockOffsetMs ?? 0;
    this.maxUploadBytes = options.maxUploadBytes ?? DEFAULT_MAX_UPLOAD_BYTES;
    this.findsMoments = options.findsMoments ?? true;
    this.#rateLimit = options.rateLimit ?? NO_RATE_LIMIT;
  }

  now(): number {
    // Whole milliseconds, as in every event: delays with jitter leave the clock between two.
    return Math.floor(this.timers.now() + this.clockOffsetMs);
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

  knows(room: RoomId): boolean {
    return this.#rooms.has(room);
  }

  alias(alias: RoomAlias): RoomId | undefined {
    return this.#aliases.get(alias);
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
    const room = new TwinRoom(parseRoomId(`!${this.#hash('room')}`), creator);
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
  append(room: TwinRoom, { type, sender, stateKey, content }: NewEvent): EventId {
    const event: TwinEvent = {
      event_id: parseEventId(`$${this.#hash('event')}`),
      type,
      sender,
      ...(stateKey === undefined ? {} : { state_key: stateKey }),
      origin_server_ts: this.now(),
      // Through JSON, as over the wire: no later change of the caller's object gets in.
      content: JSON.parse(JSON.stringify(content)),
      replaces: stateKey === undefined ? null : (room.current(type, stateKey)?.event_id ?? null),
    };
    room.append(event);
    this.wake(room.id);
    return event.event_id;
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

  /** How many syncs are open. */
  get followers(): number {
    return this.#followers.size;
  }

  wake(room: RoomId): void {
    for (const follower of [...this.#followers]) if (follower.room === room) follower.wake();
  }

  #hash(kind: string): string {
    this.#numbers += 1;
    return `${kind}${String(this.#numbers).padStart(ID_CHARACTERS - kind.length, '0')}`;
  }
}
