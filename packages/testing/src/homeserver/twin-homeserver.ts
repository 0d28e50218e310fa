import type { UserId } from '@weft/core';
import {
  type CreateRoomRequest,
  type DownloadOptions,
  type EventId,
  type Following,
  type Homeserver,
  HomeserverError,
  type MxcUri,
  parseRoomEvent,
  type RequestOptions,
  type RoomAlias,
  type RoomEvent,
  type RoomId,
  type RoomListener,
  type StateContent,
  type TimelinePage,
  type TimelineRequest,
  type UploadOptions,
} from '@weft/matrix';
import { checkEvent } from './event-limits.ts';
import { answer, type Faults, failure, unreachable } from './faults.ts';
import { showEvent, TwinFollower } from './twin-follower.ts';
import { forbidden, type TwinRoom } from './twin-room.ts';
import type { TwinStore } from './twin-store.ts';
import { pageOf, tokenAt, visibleFrom } from './twin-timeline.ts';

/** One user's connection to the twin. */
export class TwinHomeserver implements Homeserver {
  readonly userId: UserId;
  readonly url: string;
  readonly faults: Faults;
  readonly #server: TwinStore;
  readonly #followers = new Set<TwinFollower>();

  constructor(server: TwinStore, userId: UserId, faults: Faults) {
    this.#server = server;
    this.userId = userId;
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
    for (const follower of this.#followers) follower.wake();
  }

  goOnline(): void {
    this.faults.offline = false;
    for (const follower of this.#followers) follower.wake();
  }

  serverOffsetMs(): number {
    return this.#server.clockOffsetMs;
  }

  createRoom(request: CreateRoomRequest, options?: RequestOptions): Promise<RoomId> {
    const what = `create the room "${request.name}"`;
    return this.#answer(what, options, () => this.#server.createRoom(what, this.userId, request));
  }

  joinedRooms(options?: RequestOptions): Promise<readonly RoomId[]> {
    return this.#answer('list the rooms', options, () => this.#server.roomsOf(this.userId));
  }

  resolveAlias(
    alias: RoomAlias,
    options?: RequestOptions,
  ): Promise<{ room: RoomId; via: readonly string[] }> {
    const what = `find ${alias}`;
    return this.#answer(what, options, () => {
      const room = this.#server.alias(alias);
      if (room === undefined) throw answer(what, 404, 'M_NOT_FOUND', `Room alias ${alias} not found`);
      return { room, via: [this.#server.name] };
    });
  }

  join(room: RoomId, _via: readonly string[], options?: RequestOptions): Promise<void> {
    const what = `join ${room}`;
    return this.#answer(what, options, () => {
      if (!this.#server.knows(room)) throw answer(what, 404, 'M_UNKNOWN', "Can't join remote room");
      const found = this.#server.room(what, room);
      const membership = found.membership(this.userId);
      if (membership === 'join') return;
      if (membership !== 'invite' && (membership === 'ban' || found.joinRule() !== 'public'))
        throw forbidden(what, 'You are not invited to this room.');
      this.#server.spend(what, this.userId);
      this.#server.setMembership(room, this.userId, this.userId, 'join');
    });
  }

  readStateEvent(
    room: RoomId,
    type: string,
    key: string,
    options?: RequestOptions,
  ): Promise<{ readonly [name: string]: unknown } | null> {
    const what = `read ${type} of ${room}`;
    return this.#answer(what, options, () => this.#visible(what, room).current(type, key)?.content ?? null);
  }

  readState(
    room: RoomId,
    options?: RequestOptions,
  ): Promise<{ events: readonly RoomEvent[]; malformed: readonly string[] }> {
    const what = `read the state of ${room}`;
    return this.#answer(what, options, () => {
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
    return this.#answer(what, options, () => {
      const found = this.#visible(what, room);
      const event = found.current(type, key);
      return event === undefined ? null : parseRoomEvent(showEvent(event, found, this.#server.now()));
    });
  }

  readTimeline(room: RoomId, request: TimelineRequest, options?: RequestOptions): Promise<TimelinePage> {
    const what = `read the history of ${room}`;
    return this.#answer(what, options, () =>
      pageOf(this.#visible(what, room), request, { user: this.userId, nowMs: this.#server.now() }),
    );
  }

  readEvent(room: RoomId, event: EventId, options?: RequestOptions): Promise<RoomEvent | null> {
    const what = `read ${event}`;
    return this.#answer(what, options, () => {
      const found = this.#visible(what, room);
      const at = found.timeline.findIndex((one) => one.event_id === event);
      const shown = at < visibleFrom(found, this.userId) ? undefined : found.event(event);
      return shown === undefined ? null : parseRoomEvent(showEvent(shown, found, this.#server.now()));
    });
  }

  timelineTokenAt(room: RoomId, atMs: number, options?: RequestOptions): Promise<string | null> {
    const what = `find a moment in ${room}`;
    return this.#answer(what, options, () =>
      this.#server.findsMoments ? tokenAt(this.#visible(what, room), atMs) : null,
    );
  }

  readMembers(room: RoomId, options?: RequestOptions): Promise<readonly RoomEvent[]> {
    const what = `read who is in ${room}`;
    return this.#answer(what, options, () => {
      const found = this.#visible(what, room);
      return found.state
        .filter(({ type, content }) => type === 'm.room.member' && content.membership !== 'leave')
        .flatMap((event) => parseRoomEvent(showEvent(event, found, this.#server.now())) ?? []);
    });
  }

  sendState(room: RoomId, state: StateContent, options?: RequestOptions): Promise<EventId> {
    const { type, stateKey, content } = state;
    const what = `write ${type} ${stateKey}`.trimEnd();
    return this.#answer(what, options, () => {
      this.#server.spend(what, this.userId);
      checkEvent(what, type, stateKey, content);
      const found = this.#server.room(what, room);
      found.authorise(what, this.userId, type, stateKey);
      const same = found.same(type, stateKey, content);
      return same ?? this.#server.append(found, { type, stateKey, content, sender: this.userId });
    });
  }

  redact(room: RoomId, event: EventId, reason: string, options?: RequestOptions): Promise<EventId> {
    const what = `redact ${event}`;
    return this.#answer(what, options, () => {
      this.#server.spend(what, this.userId);
      const found = this.#server.room(what, room);
      found.authorise(what, this.userId, 'm.room.redaction', null);
      const target = found.event(event);
      if (
        target !== undefined &&
        target.sender !== this.userId &&
        found.levelOf(this.userId) < found.levelOfAction('redact')
      )
        throw forbidden(what, "You don't have permission to redact events");
      const content = reason === '' ? { redacts: event } : { redacts: event, reason };
      const id = this.#server.append(found, { type: 'm.room.redaction', sender: this.userId, content });
      const redaction = found.event(id);
      if (redaction !== undefined) found.redact(event, redaction);
      return id;
    });
  }

  follow(room: RoomId, listener: RoomListener, options?: RequestOptions): Promise<Following> {
    const what = `follow ${room}`;
    return this.#answer(what, options, () => {
      const found = this.#visible(what, room);
      const follower: TwinFollower = new TwinFollower({
        server: this.#server,
        user: this.userId,
        room: found,
        listener,
        faults: this.faults,
        removed: () => this.#followers.delete(follower),
      });
      this.#followers.add(follower);
      follower.start();
      return follower;
    });
  }

  upload(bytes: Uint8Array, { name, type, signal }: UploadOptions): Promise<MxcUri> {
    const what = `upload ${name}`;
    return this.#answer(what, signal === undefined ? {} : { signal }, () => {
      if (bytes.length > this.#server.maxUploadBytes)
        throw answer(what, 413, 'M_TOO_LARGE', 'Upload request body is too large');
      return this.#server.store(bytes, type);
    });
  }

  download(
    uri: MxcUri,
    { maxBytes, signal }: DownloadOptions,
  ): Promise<{ bytes: Uint8Array; type: string | null }> {
    const what = `download ${uri}`;
    return this.#answer(what, signal === undefined ? {} : { signal }, () => {
      const found = this.#server.media.get(uri);
      if (found === undefined) throw answer(what, 404, 'M_NOT_FOUND', 'Not found');
      if (found.bytes.length > maxBytes)
        throw new HomeserverError('too-large', { what, got: `${found.bytes.length} bytes` });
      return { bytes: new Uint8Array(found.bytes), type: found.type };
    });
  }

  stop(): void {
    for (const follower of [...this.#followers]) follower.stop();
  }

  #visible(what: string, room: RoomId): TwinRoom {
    const found = this.#server.room(what, room);
    if (found.membership(this.userId) !== 'join')
      throw forbidden(what, `User ${this.userId} not in room ${room}, and room previews are disabled`);
    return found;
  }

  async #answer<T>(what: string, options: RequestOptions | undefined, run: () => T): Promise<T> {
    const { signal } = options ?? {};
    await Promise.resolve();
    if (signal?.aborted === true) throw new HomeserverError('aborted', { what, got: 'it was cancelled' });
    const fault = this.faults.take();
    const passes = fault === null || fault.kind === 'none' || fault.kind === 'answer-lost';
    if (!passes) throw failure(what, fault);
    this.#server.log.push(`${this.userId} ${what}`);
    const result = run();
    if (fault?.kind === 'answer-lost') throw unreachable(what);
    return result;
  }
}
