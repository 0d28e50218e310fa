import type { UserId, Value } from '@weft/core';
import {
  type CreateRoomRequest,
  type DownloadOptions,
  type EventId,
  type Following,
  type FollowOptions,
  type Homeserver,
  HomeserverError,
  type LobbyListener,
  type MessageContent,
  type MxcUri,
  parseRoomEvent,
  type ReceivedToDevice,
  type RequestOptions,
  type RoomAlias,
  type RoomEvent,
  type RoomId,
  type RoomListener,
  type StateContent,
  type Stop,
  type TimelinePage,
  type TimelineRequest,
  type ToDeviceMessage,
  type UploadOptions,
} from '@weft/matrix';
import { checkEvent } from './event-limits.ts';
import { answer, type Faults, failure } from './faults.ts';
import { showEvent } from './show-event.ts';
import { TwinDevice } from './twin-device.ts';
import { TwinFollower } from './twin-follower.ts';
import { TwinLine } from './twin-line.ts';
import { TwinLobby } from './twin-lobby.ts';
import { forbidden, type TwinRoom } from './twin-room.ts';
import { TwinRtc } from './twin-rtc.ts';
import type { TwinStore } from './twin-store.ts';
import { pageOf, tokenAt, visibleTo } from './twin-timeline.ts';

/** One user's connection to the twin. */
export class TwinHomeserver implements Homeserver {
  readonly userId: UserId;
  readonly deviceId: string;
  readonly url: string;
  readonly rtc: TwinRtc;
  readonly faults: Faults;
  readonly #server: TwinStore;
  readonly #line: TwinLine;
  readonly #followers = new Set<TwinFollower>();
  readonly #lobbies = new Set<TwinLobby>();
  readonly #sent = new Map<string, EventId>();
  readonly #device: TwinDevice;

  /** @param clock the client's, in milliseconds since 1970 */
  constructor(server: TwinStore, userId: UserId, faults: Faults, clock = () => server.timers.now()) {
    this.#server = server;
    this.#line = new TwinLine({ server, user: userId, faults, clock });
    this.#device = new TwinDevice({
      server,
      user: userId,
      faults,
      isSyncing: () => this.#followers.size + this.#lobbies.size > 0,
    });
    const visible = (what: string, room: RoomId): TwinRoom => this.#visible(what, room);
    this.rtc = new TwinRtc({ server, user: userId, line: this.#line, visible });
    this.userId = userId;
    this.deviceId = this.#device.id;
    this.url = `https://${server.name}`;
    this.faults = faults;
  }

  /** This user's open syncs, for tests to hold and release. */
  get followers(): readonly TwinFollower[] {
    return [...this.#followers];
  }

  /** No request of this user arrives any more, and its syncs are lost. */
  goOffline(): void {
    this.faults.offline = true;
    this.changed();
  }

  goOnline(): void {
    this.faults.offline = false;
    this.changed();
  }

  /** Comes over this user's line as it is now. */
  changed(): void {
    for (const follower of this.#followers) follower.wake();
    for (const lobby of this.#lobbies) lobby.wake();
    this.#device.wake();
  }

  /** The client's process is gone: what is under way arrives, and nothing is answered any more. */
  abandon(): void {
    this.#line.abandon();
    this.stop();
  }

  serverOffsetMs(): number {
    return this.#line.offsetMs;
  }

  createRoom(request: CreateRoomRequest, options?: RequestOptions): Promise<RoomId> {
    const what = `create the room "${request.name}"`;
    return this.#line.answer(what, options, () => this.#server.createRoom(what, this.userId, request));
  }

  joinedRooms(options?: RequestOptions): Promise<readonly RoomId[]> {
    return this.#line.answer('list the rooms', options, () => this.#server.roomsOf(this.userId));
  }

  resolveAlias(
    alias: RoomAlias,
    options?: RequestOptions,
  ): Promise<{ room: RoomId; via: readonly string[] }> {
    const what = `find ${alias}`;
    return this.#line.answer(what, options, () => {
      const room = this.#server.alias(alias);
      if (room === undefined) return this.#server.peers.resolveAlias(what, this.#server.name, alias);
      return { room, via: [this.#server.name] };
    });
  }

  addAlias(alias: RoomAlias, room: RoomId, options?: RequestOptions): Promise<void> {
    const what = `name ${room} ${alias}`;
    return this.#line.answer(what, options, () =>
      this.#server.addAlias(what, alias, this.#visible(what, room).id),
    );
  }

  removeAlias(alias: RoomAlias, options?: RequestOptions): Promise<void> {
    const what = `take away the name ${alias}`;
    return this.#line.answer(what, options, () => this.#server.removeAlias(what, alias, this.userId));
  }

  join(room: RoomId, via: readonly string[], options?: RequestOptions): Promise<void> {
    const what = `join ${room}`;
    return this.#line.answer(what, options, () => {
      const found = this.#server.find(room);
      if (found?.membership(this.userId) === 'join') return;
      if (found === undefined || !this.#server.takesPart(room)) {
        this.#server.spend(what, this.userId);
        this.#server.peers.join(what, this.#server.name, room, this.userId, via);
        return;
      }
      const join = { type: 'm.room.member', sender: this.userId, stateKey: this.userId };
      const voucher = this.#isAllowed(found) ? { join_authorised_via_users_server: found.creator } : {};
      const event = { ...join, content: { membership: 'join', ...voucher } };
      const refusal = found.refusal(event);
      if (refusal !== null) throw forbidden(what, refusal);
      this.#server.spend(what, this.userId);
      this.#server.append(found, event);
    });
  }

  readStateEvent(
    room: RoomId,
    type: string,
    key: string,
    options?: RequestOptions,
  ): Promise<{ readonly [name: string]: unknown } | null> {
    const what = `read ${type} of ${room}`;
    return this.#line.answer(
      what,
      options,
      () => this.#visible(what, room).current(type, key)?.content ?? null,
    );
  }

  readState(
    room: RoomId,
    options?: RequestOptions,
  ): Promise<{ events: readonly RoomEvent[]; malformed: readonly string[] }> {
    const what = `read the state of ${room}`;
    return this.#line.answer(what, options, () => {
      const found = this.#visible(what, room);
      const events: RoomEvent[] = [];
      const malformed: string[] = [];
      for (const event of found.state) {
        const parsed = parseRoomEvent(showEvent(event, found, this.#server.now()));
        if (parsed === null) malformed.push(`event ${event.event_id}`);
        else events.push(parsed);
      }
      return { events, malformed };
    });
  }

  readCurrent(room: RoomId, type: string, key: string, options?: RequestOptions): Promise<RoomEvent | null> {
    const what = `read ${type} of ${room}`;
    return this.#line.answer(what, options, () => {
      const found = this.#visible(what, room);
      const event = found.current(type, key);
      return event === undefined ? null : parseRoomEvent(showEvent(event, found, this.#server.now()));
    });
  }

  readTimeline(room: RoomId, request: TimelineRequest, options?: RequestOptions): Promise<TimelinePage> {
    const what = `read the history of ${room}`;
    return this.#line.answer(what, options, () =>
      pageOf(this.#visible(what, room), request, { user: this.userId, nowMs: this.#server.now() }),
    );
  }

  readEvent(room: RoomId, event: EventId, options?: RequestOptions): Promise<RoomEvent | null> {
    const what = `read ${event}`;
    return this.#line.answer(what, options, () => {
      const found = this.#visible(what, room);
      const sent = found.timeline.find((one) => one.event_id === event);
      if (sent === undefined || !visibleTo(found, this.userId)(sent)) return null;
      return parseRoomEvent(showEvent(found.event(event) ?? sent, found, this.#server.now()));
    });
  }

  timelineTokenAt(room: RoomId, atMs: number, options?: RequestOptions): Promise<string | null> {
    const what = `find a moment in ${room}`;
    return this.#line.answer(what, options, () =>
      this.#server.findsMoments ? tokenAt(this.#visible(what, room), atMs) : null,
    );
  }

  readProfileField(user: UserId, field: string, options?: RequestOptions): Promise<unknown> {
    return this.#line.answer(
      `read ${field} of ${user}`,
      options,
      () => this.#server.profiles.get(`${user} ${field}`) ?? null,
    );
  }

  writeProfileField(field: string, value: Value, options?: RequestOptions): Promise<void> {
    return this.#line.answer(`write ${field} of ${this.userId}`, options, () => {
      this.#server.profiles.set(`${this.userId} ${field}`, value);
    });
  }

  readMembers(room: RoomId, options?: RequestOptions): Promise<readonly RoomEvent[]> {
    const what = `read who is in ${room}`;
    return this.#line.answer(what, options, () => {
      const found = this.#visible(what, room);
      return found.state
        .filter(({ type, content }) => type === 'm.room.member' && content.membership !== 'leave')
        .flatMap((event) => parseRoomEvent(showEvent(event, found, this.#server.now())) ?? []);
    });
  }

  sendState(room: RoomId, state: StateContent, options?: RequestOptions): Promise<EventId> {
    const { type, stateKey, content } = state;
    const what = `write ${type} ${stateKey}`.trimEnd();
    return this.#line.answer(what, options, () => {
      this.#server.spend(what, this.userId);
      const poisoned = this.faults.poison(state);
      if (poisoned !== null) throw failure(what, poisoned);
      checkEvent(what, type, stateKey, content);
      const found = this.#server.room(what, room);
      return this.#server.submit(what, found, { type, stateKey, content, sender: this.userId });
    });
  }

  sendMessage(
    room: RoomId,
    { type, content }: MessageContent,
    transaction: string,
    options?: RequestOptions,
  ): Promise<EventId> {
    const what = `send ${type}`;
    return this.#line.answer(what, options, () => {
      const known = this.#sent.get(transaction);
      if (known !== undefined) return known;
      this.#server.spend(what, this.userId);
      checkEvent(what, type, null, content);
      const event = { type, content, sender: this.userId };
      const id = this.#server.submit(what, this.#server.room(what, room), event);
      this.#sent.set(transaction, id);
      return id;
    });
  }

  redact(room: RoomId, event: EventId, reason: string, options?: RequestOptions): Promise<EventId> {
    const what = `redact ${event}`;
    return this.#line.answer(what, options, () => {
      this.#server.spend(what, this.userId);
      const found = this.#server.room(what, room);
      const content = reason === '' ? { redacts: event } : { redacts: event, reason };
      const redaction = { type: 'm.room.redaction', sender: this.userId, content };
      const refusal = found.refusal(redaction);
      if (refusal !== null) throw forbidden(what, refusal);
      const target = found.event(event);
      if (
        target !== undefined &&
        target.sender !== this.userId &&
        found.levelOf(this.userId) < found.levelOfAction('redact')
      )
        throw forbidden(what, "You don't have permission to redact events");
      return this.#server.append(found, redaction);
    });
  }

  async follow(room: RoomId, listener: RoomListener, options?: FollowOptions): Promise<Following> {
    const what = `follow ${room}`;
    // Who has left is told of that by the next sync, which is never refused.
    const visible = () =>
      options?.since == null ? this.#visible(what, room) : this.#server.room(what, room);
    const found = await this.#line.answer(what, options, visible);
    const follower: TwinFollower = new TwinFollower({
      server: this.#server,
      user: this.userId,
      room: found,
      listener,
      since: options?.since ?? null,
      faults: this.faults,
      heard: () => this.#line.hear(),
      removed: () => this.#followers.delete(follower),
    });
    this.#followers.add(follower);
    follower.start();
    this.#device.wake();
    return follower;
  }

  enterLobby(listener: LobbyListener, options?: RequestOptions): Promise<Following> {
    return this.#line.answer('wait for invitations', options, () => {
      const lobby: TwinLobby = new TwinLobby({
        server: this.#server,
        user: this.userId,
        listener,
        faults: this.faults,
        removed: () => this.#lobbies.delete(lobby),
      });
      this.#lobbies.add(lobby);
      this.#device.wake();
      return lobby;
    });
  }

  sendToDevice(type: string, messages: readonly ToDeviceMessage[], options?: RequestOptions): Promise<void> {
    return this.#line.answer(`send ${type}`, options, () => this.#device.send(type, messages));
  }

  onToDevice(listener: (message: ReceivedToDevice) => void): Stop {
    return this.#device.on(listener);
  }

  upload(bytes: Uint8Array, { name, type, signal }: UploadOptions): Promise<MxcUri> {
    const what = `upload ${name}`;
    return this.#line.answer(what, signal === undefined ? {} : { signal }, () => {
      if (bytes.length > this.#server.maxUploadBytes)
        throw answer(what, 413, 'M_TOO_LARGE', 'Upload request body is too large');
      return this.#server.store(bytes, type);
    });
  }

  download(
    uri: MxcUri,
    { maxBytes, signal, onChunk }: DownloadOptions,
  ): Promise<{ bytes: Uint8Array; type: string | null }> {
    const what = `download ${uri}`;
    return this.#line.answer(what, signal === undefined ? {} : { signal }, () => {
      const found = this.#server.media.get(uri) ?? this.#server.peers.media(what, this.#server.name, uri);
      if (found.bytes.length > maxBytes)
        throw new HomeserverError('too-large', { what, got: `${found.bytes.length} bytes` });
      const bytes = new Uint8Array(found.bytes);
      onChunk?.(bytes, bytes.length);
      return { bytes, type: found.type };
    });
  }

  stop(): void {
    for (const follower of [...this.#followers, ...this.#lobbies]) follower.stop();
    this.#device.stop();
  }

  /** Whether the room lets in who is in another one, and this user is (MSC3083). */
  #isAllowed(room: TwinRoom): boolean {
    const { join_rule: rule, allow } = room.current('m.room.join_rules', '')?.content ?? {};
    if (rule !== 'restricted' || !Array.isArray(allow)) return false;
    return allow.some(({ room_id: id }) => this.#server.find(id)?.membership(this.userId) === 'join');
  }

  #visible(what: string, room: RoomId): TwinRoom {
    const found = this.#server.room(what, room);
    if (found.membership(this.userId) !== 'join')
      throw forbidden(what, `User ${this.userId} not in room ${room}, and room previews are disabled`);
    return found;
  }
}
