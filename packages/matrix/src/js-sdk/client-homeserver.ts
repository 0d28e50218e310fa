import { type Network, parseUserId, type UserId, type Value } from '@weft/core';
import { type MatrixClient, Method } from 'matrix-js-sdk';
import { HomeserverError } from '../errors.ts';
import type {
  CreateRoomRequest,
  DownloadOptions,
  Following,
  FollowOptions,
  Homeserver,
  RoomListener,
  TimelinePage,
  TimelineRequest,
  UploadOptions,
} from '../homeserver.ts';
import {
  type EventId,
  isRoomId,
  isServerName,
  type MxcUri,
  parseEventId,
  parseMxcUri,
  parseRoomId,
  type RoomAlias,
  type RoomId,
  serverOf,
} from '../ids.ts';
import { isRecord, type JsonRecord, member } from '../json.ts';
import type { LobbyListener } from '../lobby.ts';
import type { MessageContent, RequestOptions, StateContent } from '../request.ts';
import { parseRoomEvent, type RoomEvent } from '../room-event.ts';
import type { RtcServer } from '../rtc-server.ts';
import { ServerClock } from '../server-clock.ts';
import type { Stop, Timers } from '../timers.ts';
import type { ReceivedToDevice, ToDeviceMessage } from '../to-device.ts';
import type { Call } from './call.ts';
import { ClientRtc } from './client-rtc.ts';
import { createRoomBody } from './create-room-body.ts';
import { Followings } from './followings.ts';
import { mapError } from './map-error.ts';
import { downloadMedia } from './media.ts';
import { timeLimit } from './own-client.ts';
import { sendPath, statePath } from './paths.ts';
import { readProfileField, writeProfileField } from './profile.ts';
import { sendToDevice } from './send-to-device.ts';
import { readEvent, readTimeline, timelineTokenAt, unless } from './timeline.ts';

export interface ClientHomeserverOptions {
  readonly client: MatrixClient;
  /** Whether the client runs its own sync, which is then listened to and never stopped. */
  readonly syncs: 'itself' | 'by-us';
  readonly timers: Timers;
  /** A fraction in [0, 1), for jitter. */
  readonly fraction: () => number;
  readonly network?: Network | undefined;
}

/** A homeserver spoken to through matrix-js-sdk. */
export class ClientHomeserver implements Homeserver {
  readonly userId: UserId;
  readonly url: string;
  readonly rtc: RtcServer;
  readonly #client: MatrixClient;
  readonly #clock: ServerClock;
  readonly #timers: Timers;
  readonly #followings: Followings;
  /** Tells the transactions of this run from those of others with the same token. */
  readonly #run: string;
  #transactions = 0;

  constructor({ client, syncs, timers, fraction, network }: ClientHomeserverOptions) {
    this.#client = client;
    this.#timers = timers;
    this.#run = Math.floor(fraction() * Number.MAX_SAFE_INTEGER).toString(36);
    this.userId = parseUserId(client.getSafeUserId());
    this.url = client.getHomeserverUrl();
    this.#clock = new ServerClock(serverOf(this.userId));
    const call = (request: Call): Promise<unknown> => this.#call(request);
    this.rtc = new ClientRtc({ client, call, fraction, transaction: () => this.#transaction() });
    this.#followings = new Followings({
      client,
      syncs,
      clock: this.#clock,
      timers,
      network,
      fraction,
      call,
      mapped: (what, error, signal) => this.#mapped(what, error, signal),
    });
  }

  get deviceId(): string | null {
    return this.#client.getDeviceId();
  }

  serverOffsetMs(): number {
    return this.#clock.offsetMs;
  }

  async createRoom(request: CreateRoomRequest, options?: RequestOptions): Promise<RoomId> {
    const answer = await this.#call({
      what: `create the room "${request.name}"`,
      method: Method.Post,
      path: '/createRoom',
      body: createRoomBody(request),
      options,
    });
    return parseRoomId(member(answer, 'room_id'));
  }

  async joinedRooms(options?: RequestOptions): Promise<readonly RoomId[]> {
    const answer = await this.#call({
      what: 'list the rooms of this user',
      method: Method.Get,
      path: '/joined_rooms',
      options,
    });
    const rooms = member(answer, 'joined_rooms');
    return Array.isArray(rooms) ? rooms.filter(isRoomId) : [];
  }

  async resolveAlias(
    alias: RoomAlias,
    options?: RequestOptions,
  ): Promise<{ room: RoomId; via: readonly string[] }> {
    const answer = await this.#call({
      what: `find ${alias}`,
      method: Method.Get,
      path: `/directory/room/${encodeURIComponent(alias)}`,
      options,
    });
    const servers = member(answer, 'servers');
    return {
      room: parseRoomId(member(answer, 'room_id')),
      via: Array.isArray(servers) ? servers.filter(isServerName).slice(0, MAX_VIA_SERVERS) : [],
    };
  }

  async addAlias(alias: RoomAlias, room: RoomId, options?: RequestOptions): Promise<void> {
    await this.#call({
      what: `name ${room} ${alias}`,
      method: Method.Put,
      path: `/directory/room/${encodeURIComponent(alias)}`,
      body: { room_id: room },
      options,
    });
  }

  async removeAlias(alias: RoomAlias, options?: RequestOptions): Promise<void> {
    const what = `take away the name ${alias}`;
    const path = `/directory/room/${encodeURIComponent(alias)}`;
    await unless(['not-found'], this.#call({ what, method: Method.Delete, path, options }));
  }

  async join(room: RoomId, via: readonly string[], options?: RequestOptions): Promise<void> {
    await this.#call({
      what: `join ${room}`,
      method: Method.Post,
      path: `/join/${encodeURIComponent(room)}`,
      // `server_name` is what servers before spec v1.12 read.
      query: via.length === 0 ? {} : { via: [...via], server_name: [...via] },
      body: {},
      options,
    });
  }

  async readStateEvent(
    room: RoomId,
    type: string,
    key: string,
    options?: RequestOptions,
  ): Promise<JsonRecord | null> {
    try {
      const content = await this.#call({
        what: `read ${type} of ${room}`,
        method: Method.Get,
        path: statePath(room, type, key),
        options,
      });
      return isRecord(content) ? content : null;
    } catch (error) {
      if (error instanceof HomeserverError && error.code === 'not-found') return null;
      throw error;
    }
  }

  async readState(
    room: RoomId,
    options?: RequestOptions,
  ): Promise<{ events: readonly RoomEvent[]; malformed: readonly string[] }> {
    const answer = await this.#call({
      what: `read the state of ${room}`,
      method: Method.Get,
      path: `/rooms/${encodeURIComponent(room)}/state`,
      options,
    });
    const arrivedMs = this.#timers.now();
    const events: RoomEvent[] = [];
    const malformed: string[] = [];
    for (const raw of Array.isArray(answer) ? answer : []) {
      const event = parseRoomEvent(raw);
      if (event === null) malformed.push('a state event that is none');
      else events.push(event);
    }
    this.#clock.observe(events, arrivedMs);
    return { events, malformed };
  }

  async readCurrent(
    room: RoomId,
    type: string,
    key: string,
    options?: RequestOptions,
  ): Promise<RoomEvent | null> {
    const event = this.#call({
      what: `read ${type} of ${room}`,
      method: Method.Get,
      path: statePath(room, type, key),
      query: { format: 'event' },
      options,
    });
    return parseRoomEvent(await unless(['not-found'], event));
  }

  readTimeline(room: RoomId, request: TimelineRequest, options?: RequestOptions): Promise<TimelinePage> {
    return readTimeline((call) => this.#call({ ...call, options }), room, request);
  }

  readEvent(room: RoomId, event: EventId, options?: RequestOptions): Promise<RoomEvent | null> {
    return readEvent((call) => this.#call({ ...call, options }), room, event);
  }

  timelineTokenAt(room: RoomId, atMs: number, options?: RequestOptions): Promise<string | null> {
    return timelineTokenAt((call) => this.#call({ ...call, options }), room, atMs);
  }

  readProfileField(user: UserId, field: string, options?: RequestOptions): Promise<unknown> {
    return readProfileField((call) => this.#call({ ...call, options }), user, field);
  }

  writeProfileField(field: string, value: Value, options?: RequestOptions): Promise<void> {
    return writeProfileField((call) => this.#call({ ...call, options }), this.userId, field, value);
  }

  async readMembers(room: RoomId, options?: RequestOptions): Promise<readonly RoomEvent[]> {
    const answer = await this.#call({
      what: `read who is in ${room}`,
      method: Method.Get,
      path: `/rooms/${encodeURIComponent(room)}/members`,
      query: { not_membership: 'leave' },
      options,
    });
    const chunk = member(answer, 'chunk');
    return (Array.isArray(chunk) ? chunk : []).flatMap((raw) => parseRoomEvent(raw) ?? []);
  }

  async sendState(room: RoomId, state: StateContent, options?: RequestOptions): Promise<EventId> {
    const answer = await this.#call({
      what: `write ${state.type} ${state.stateKey}`.trimEnd(),
      method: Method.Put,
      path: statePath(room, state.type, state.stateKey),
      body: state.content,
      options,
    });
    return parseEventId(member(answer, 'event_id'));
  }

  async sendMessage(
    room: RoomId,
    { type, content }: MessageContent,
    transaction: string,
    options?: RequestOptions,
  ): Promise<EventId> {
    const path = sendPath(room, type, transaction);
    const what = `send ${type}`;
    const answer = await this.#call({ what, method: Method.Put, path, body: content, options });
    return parseEventId(member(answer, 'event_id'));
  }

  async redact(room: RoomId, event: EventId, reason: string, options?: RequestOptions): Promise<EventId> {
    const answer = await this.#call({
      what: `redact ${event}`,
      method: Method.Put,
      path: `/rooms/${encodeURIComponent(room)}/redact/${encodeURIComponent(event)}/${this.#transaction()}`,
      body: reason === '' ? {} : { reason },
      options,
    });
    return parseEventId(member(answer, 'event_id'));
  }

  follow(room: RoomId, listener: RoomListener, options?: FollowOptions): Promise<Following> {
    return this.#followings.follow(room, listener, options);
  }

  enterLobby(listener: LobbyListener, options?: RequestOptions): Promise<Following> {
    return this.#followings.enterLobby(listener, options);
  }

  sendToDevice(type: string, messages: readonly ToDeviceMessage[], options?: RequestOptions): Promise<void> {
    return sendToDevice((call) => this.#call({ ...call, options }), type, messages, this.#transaction());
  }

  onToDevice(listener: (message: ReceivedToDevice) => void): Stop {
    return this.#followings.onToDevice(listener);
  }

  async upload(bytes: Uint8Array, { name, type, signal, onSent }: UploadOptions): Promise<MxcUri> {
    const abortController = new AbortController();
    const abort = (): void => abortController.abort();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      const answer = await this.#client.uploadContent(new Blob([new Uint8Array(bytes)], { type }), {
        name,
        type,
        abortController,
        ...(onSent === undefined ? {} : { progressHandler: ({ loaded }) => onSent(loaded) }),
      });
      return parseMxcUri(answer.content_uri);
    } catch (error) {
      throw this.#mapped(`upload ${name}`, error, signal);
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  download(uri: MxcUri, options: DownloadOptions): Promise<{ bytes: Uint8Array; type: string | null }> {
    return downloadMedia(this.#client, uri, options);
  }

  stop(): void {
    this.#followings.stop();
  }

  // Transactions are told apart by device, and a token may be in use twice.
  #transaction(): string {
    this.#transactions += 1;
    return `weft.${this.#timers.now()}.${this.#run}.${this.#transactions}`;
  }

  async #call({ what, method, path, prefix, query, body, options, timeoutMs }: Call): Promise<unknown> {
    const signal = options?.signal;
    try {
      signal?.throwIfAborted();
      return await this.#client.http.authedRequest<unknown>(method, path, query, body, {
        abortSignal: timeLimit(timeoutMs ?? REQUEST_TIMEOUT_MS, signal),
        ...(prefix === undefined ? {} : { prefix }),
      });
    } catch (error) {
      throw this.#mapped(what, error, signal);
    }
  }

  // matrix-js-sdk reports its own timeout as an AbortError too.
  #mapped(what: string, error: unknown, signal: AbortSignal | undefined): HomeserverError {
    const mapped = mapError(what, error, this.url);
    if (mapped.code !== 'aborted' || signal?.aborted === true) return mapped;
    return new HomeserverError('unreachable', {
      what,
      got: `no answer from ${this.url} in time`,
      cause: error,
    });
  }
}

const MAX_VIA_SERVERS = 10;
// Longer than Synapse takes for the slowest request that Weft makes (a room seeded with 100 objects: 1 s).
const REQUEST_TIMEOUT_MS = 60_000;
