import { Emitter, type Stop, type UserId, type Value } from '@weft/core';
import { HomeserverError } from '../errors.ts';
import type {
  CreateRoomRequest,
  DownloadOptions,
  Following,
  FollowOptions,
  Homeserver,
  RoomListener,
  TimelineRequest,
  UploadOptions,
} from '../homeserver.ts';
import type { EventId, MxcUri, RoomAlias, RoomId } from '../ids.ts';
import type { LobbyListener } from '../lobby.ts';
import { reportUncaught } from '../report-uncaught.ts';
import type { MessageContent, RequestOptions, StateContent } from '../request.ts';
import type { ReceivedToDevice, ToDeviceMessage } from '../to-device.ts';
import { lateRtc } from './late-rtc.ts';

export interface LateHomeserverOptions {
  /** Who signed in the last time. */
  readonly userId: UserId;
  readonly url: string;
  /** The server's clock minus the local one, as it was the last time; counts until it is known. */
  readonly offsetMs: number;
  /** Signs in; tried at each request until it succeeds. */
  readonly connect: () => Promise<Homeserver>;
}

/** A homeserver that is signed in to when it answers. Until then every request tries, and fails as signing in does. */
export class LateHomeserver implements Homeserver {
  readonly userId: UserId;
  readonly url: string;
  readonly rtc = lateRtc(() => this.#signedIn());
  readonly #offsetMs: number;
  readonly #connect: () => Promise<Homeserver>;
  readonly #messages = new Emitter<{ message: ReceivedToDevice }>({ failed: reportUncaught });
  #connecting: Promise<Homeserver> | null = null;
  #connected: Homeserver | null = null;
  #stopped = false;

  constructor({ userId, url, offsetMs, connect }: LateHomeserverOptions) {
    this.userId = userId;
    this.url = url;
    this.#offsetMs = offsetMs;
    this.#connect = connect;
  }

  get deviceId(): string | null {
    return this.#connected?.deviceId ?? null;
  }

  serverOffsetMs(): number {
    const offsetMs = this.#connected?.serverOffsetMs() ?? 0;
    return offsetMs === 0 ? this.#offsetMs : offsetMs;
  }

  async createRoom(request: CreateRoomRequest, options?: RequestOptions) {
    return (await this.#signedIn()).createRoom(request, options);
  }

  async joinedRooms(options?: RequestOptions) {
    return (await this.#signedIn()).joinedRooms(options);
  }

  async resolveAlias(alias: RoomAlias, options?: RequestOptions) {
    return (await this.#signedIn()).resolveAlias(alias, options);
  }

  async addAlias(alias: RoomAlias, room: RoomId, options?: RequestOptions) {
    return (await this.#signedIn()).addAlias(alias, room, options);
  }

  async removeAlias(alias: RoomAlias, options?: RequestOptions) {
    return (await this.#signedIn()).removeAlias(alias, options);
  }

  async join(room: RoomId, via: readonly string[], options?: RequestOptions) {
    return (await this.#signedIn()).join(room, via, options);
  }

  async readStateEvent(room: RoomId, type: string, key: string, options?: RequestOptions) {
    return (await this.#signedIn()).readStateEvent(room, type, key, options);
  }

  async readState(room: RoomId, options?: RequestOptions) {
    return (await this.#signedIn()).readState(room, options);
  }

  async readCurrent(room: RoomId, type: string, key: string, options?: RequestOptions) {
    return (await this.#signedIn()).readCurrent(room, type, key, options);
  }

  async readTimeline(room: RoomId, request: TimelineRequest, options?: RequestOptions) {
    return (await this.#signedIn()).readTimeline(room, request, options);
  }

  async readEvent(room: RoomId, event: EventId, options?: RequestOptions) {
    return (await this.#signedIn()).readEvent(room, event, options);
  }

  async timelineTokenAt(room: RoomId, atMs: number, options?: RequestOptions) {
    return (await this.#signedIn()).timelineTokenAt(room, atMs, options);
  }

  async readProfileField(user: UserId, field: string, options?: RequestOptions) {
    return (await this.#signedIn()).readProfileField(user, field, options);
  }

  async writeProfileField(field: string, value: Value, options?: RequestOptions) {
    return (await this.#signedIn()).writeProfileField(field, value, options);
  }

  async readMembers(room: RoomId, options?: RequestOptions) {
    return (await this.#signedIn()).readMembers(room, options);
  }

  async sendState(room: RoomId, state: StateContent, options?: RequestOptions) {
    return (await this.#signedIn()).sendState(room, state, options);
  }

  async sendMessage(room: RoomId, message: MessageContent, transaction: string, options?: RequestOptions) {
    return (await this.#signedIn()).sendMessage(room, message, transaction, options);
  }

  async redact(room: RoomId, event: EventId, reason: string, options?: RequestOptions) {
    return (await this.#signedIn()).redact(room, event, reason, options);
  }

  async follow(room: RoomId, listener: RoomListener, options?: FollowOptions): Promise<Following> {
    return (await this.#signedIn()).follow(room, listener, options);
  }

  async enterLobby(listener: LobbyListener, options?: RequestOptions) {
    return (await this.#signedIn()).enterLobby(listener, options);
  }

  async sendToDevice(type: string, messages: readonly ToDeviceMessage[], options?: RequestOptions) {
    return (await this.#signedIn()).sendToDevice(type, messages, options);
  }

  onToDevice(listener: (message: ReceivedToDevice) => void): Stop {
    return this.#messages.on('message', listener);
  }

  async upload(bytes: Uint8Array, options: UploadOptions) {
    return (await this.#signedIn()).upload(bytes, options);
  }

  async download(uri: MxcUri, options: DownloadOptions) {
    return (await this.#signedIn()).download(uri, options);
  }

  stop(): void {
    this.#stopped = true;
    this.#connected?.stop();
  }

  #signedIn(): Promise<Homeserver> {
    this.#connecting ??= this.#signIn().catch((error: unknown) => {
      this.#connecting = null;
      throw error;
    });
    return this.#connecting;
  }

  async #signIn(): Promise<Homeserver> {
    const homeserver = await this.#connect();
    if (homeserver.userId !== this.userId) {
      homeserver.stop();
      throw new HomeserverError('unknown-token', {
        what: `go on as ${this.userId}`,
        got: `the sign-in is of ${homeserver.userId}`,
        hint: `Sign in as ${this.userId}.`,
      });
    }
    if (this.#stopped) {
      homeserver.stop();
      throw new HomeserverError('closed', { what: 'sign in', got: 'the world was closed meanwhile' });
    }
    this.#connected = homeserver;
    homeserver.onToDevice((message) => this.#messages.emit('message', message));
    return homeserver;
  }
}
