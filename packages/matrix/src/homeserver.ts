import type { UserId, Value } from '@weft/core';
import type { HomeserverError } from './errors.ts';
import type { EventId, MxcUri, RoomAlias, RoomId } from './ids.ts';
import type { JsonRecord } from './json.ts';
import type { LobbyListener } from './lobby.ts';
import type { MessageContent, RequestOptions, StateContent } from './request.ts';
import type { RoomEvent } from './room-event.ts';
import type { RtcServer } from './rtc-server.ts';
import type { StickyEvent } from './sticky-event.ts';
import type { Stop } from './timers.ts';
import type { ReceivedToDevice, ToDeviceMessage } from './to-device.ts';

export interface CreateRoomRequest {
  readonly name: string;
  readonly access: 'private' | 'public';
  readonly roomVersion: string;
  /** Further members of `m.room.create`. */
  readonly creation: { readonly [name: string]: Value };
  /** The local part of an alias on this homeserver. */
  readonly aliasLocalpart: string | null;
  readonly invite: readonly UserId[];
  /** Replaces the server's default power levels, member by member. */
  readonly powerLevels: { readonly [name: string]: Value };
  readonly initialState: readonly StateContent[];
}

/** What one sync response said of the followed room. */
export interface RoomUpdate {
  /** `state` is the whole current state of the room (the first update of some connections). */
  readonly complete: boolean;
  /** Something between this update and the one before may be missing: a limited timeline, or a lost connection. */
  readonly gap: boolean;
  /** State as the server sees it at the end of the update (`state_after` of MSC4222, where the server has it). */
  readonly state: readonly RoomEvent[];
  /** New events in the server's order. State among them was accepted, and may have lost to other state since. */
  readonly timeline: readonly RoomEvent[];
  readonly redactions: readonly Redaction[];
  /** Messages that the room remembers for a while; the same one may be told again. */
  readonly sticky: readonly StickyEvent[];
  /** What could not be read as an event, for the world's problem list. */
  readonly malformed: readonly string[];
  /** Where to follow on from after this update; `null` where the connection has no such place. */
  readonly token: string | null;
}

/** Which of a room's events are wanted, from where on. */
export interface TimelineRequest {
  /** Where an earlier page ended, or what `timelineTokenAt` found; `null` is the newest event (`backward`) or the oldest. */
  readonly from: string | null;
  readonly direction: 'backward' | 'forward';
  /** Events of one page at most; a server may give fewer, none included, and there may still be more. */
  readonly limit: number;
  /** Event types that count; all where it is left out. */
  readonly types?: readonly string[];
}

/** One page of a room's events. */
export interface TimelinePage {
  /** In the direction that was asked; one that was redacted is empty and marked. */
  readonly events: readonly RoomEvent[];
  /** What could not be read as an event. */
  readonly malformed: readonly string[];
  /** Where the next page begins; `null` where this user may see no more. */
  readonly end: string | null;
}

export interface Redaction {
  readonly target: EventId;
  /** `origin_server_ts` of the redaction, in milliseconds. */
  readonly atMs: number;
}

export interface RoomListener {
  /** Called once a sync response at most, in order, never re-entrantly; must not throw. */
  update(update: RoomUpdate): void;
  /** `reason` is there where the connection will not come back by itself, and where the last attempt failed. */
  connection(state: 'online' | 'offline', reason: HomeserverError | null): void;
}

/** Following a room; `stop` is synchronous and final. */
export interface Following {
  /** Whether it went on from `since`, so that nothing lies between; else a complete update came, or `/state` is to be read. */
  readonly continued: boolean;
  stop(): void;
}

export interface FollowOptions extends RequestOptions {
  /** The token of an earlier update: what came after it is told, where the homeserver still knows it. */
  readonly since?: string;
}

export interface UploadOptions extends RequestOptions {
  readonly name: string;
  /** The media type, such as `model/gltf-binary`. */
  readonly type: string;
  /** Told how many bytes have left, where the platform says so: pages do, Node does not. */
  readonly onSent?: (sentBytes: number) => void;
}

export interface DownloadOptions extends RequestOptions {
  /** More bytes than this are refused with `too-large`, before they are held in memory. */
  readonly maxBytes: number;
  /** Told each piece of the file as it comes, in order and once; `totalBytes`: what was announced. */
  readonly onChunk?: (chunk: Uint8Array, totalBytes: number | null) => void;
}

/**
 * A homeserver as Weft needs it, signed in as one user. Every request fails with a `HomeserverError`. Nothing here is
 * tried again by itself, except the connection that `follow` keeps.
 */
export interface Homeserver {
  readonly userId: UserId;
  /** Which device of the user this is; `null` before it was signed in to, and for who has none (an application service). */
  readonly deviceId: string | null;
  /** The base address of the client-server API. */
  readonly url: string;
  /** What live sessions need of it. */
  readonly rtc: RtcServer;
  /** The server's clock minus the local one, in milliseconds, from the ages of events; 0 until the first was seen. */
  serverOffsetMs(): number;

  createRoom(request: CreateRoomRequest, options?: RequestOptions): Promise<RoomId>;
  joinedRooms(options?: RequestOptions): Promise<readonly RoomId[]>;
  resolveAlias(alias: RoomAlias, options?: RequestOptions): Promise<{ room: RoomId; via: readonly string[] }>;
  /** Gives a room of which this server knows a name of this server; `in-use` where it has another room. */
  addAlias(alias: RoomAlias, room: RoomId, options?: RequestOptions): Promise<void>;
  /** Does nothing where there is no such name. */
  removeAlias(alias: RoomAlias, options?: RequestOptions): Promise<void>;
  /** Does nothing where the user is in the room. */
  join(room: RoomId, via: readonly string[], options?: RequestOptions): Promise<void>;

  /** `null` where the room has no such state; `forbidden` where the user may not see the room, or it is not there. */
  readStateEvent(
    room: RoomId,
    type: string,
    key: string,
    options?: RequestOptions,
  ): Promise<JsonRecord | null>;
  /** The whole current state. Cost: the size of the room. */
  readState(
    room: RoomId,
    options?: RequestOptions,
  ): Promise<{ events: readonly RoomEvent[]; malformed: readonly string[] }>;
  /** The current event of this type and key itself; otherwise as `readStateEvent`. */
  readCurrent(room: RoomId, type: string, key: string, options?: RequestOptions): Promise<RoomEvent | null>;
  /** One page of the room's events, as its history visibility shows them to this user. */
  readTimeline(room: RoomId, request: TimelineRequest, options?: RequestOptions): Promise<TimelinePage>;
  /** `null` where the room has no such event, or hides it from this user. */
  readEvent(room: RoomId, event: EventId, options?: RequestOptions): Promise<RoomEvent | null>;
  /**
   * Where `readTimeline` goes back from the first event that claims this moment or a later one, that event included.
   * `null` where there is none, or the server does not look events up by time (MSC3030).
   */
  timelineTokenAt(room: RoomId, atMs: number, options?: RequestOptions): Promise<string | null>;
  /**
   * One field of a user's profile, as they wrote it (MSC4133); `null` where there is none, the server knows no such fields, or does not
   * show them to this user.
   */
  readProfileField(user: UserId, field: string, options?: RequestOptions): Promise<unknown>;
  /** Writes a field of this user's own profile; `unsupported` where the server knows no such fields. */
  writeProfileField(field: string, value: Value, options?: RequestOptions): Promise<void>;
  /** The `m.room.member` events of those who are in the room, invited, knocking or banned. */
  readMembers(room: RoomId, options?: RequestOptions): Promise<readonly RoomEvent[]>;
  /** Equal content in place already is no new event: the answer names the one in place. */
  sendState(room: RoomId, state: StateContent, options?: RequestOptions): Promise<EventId>;
  /** Sends a message event; the same transaction twice is one event. Costs the same allowance as state. */
  sendMessage(
    room: RoomId,
    message: MessageContent,
    transaction: string,
    options?: RequestOptions,
  ): Promise<EventId>;
  redact(room: RoomId, event: EventId, reason: string, options?: RequestOptions): Promise<EventId>;

  /** Resolves once the connection is made; a complete update, if the connection gives one, has been delivered by then, and so has what came after `since`. */
  follow(room: RoomId, listener: RoomListener, options?: FollowOptions): Promise<Following>;

  /** Hears of invitations, and of what comes for this device, without following a room. Resolves once those that are open were told. */
  enterLobby(listener: LobbyListener, options?: RequestOptions): Promise<Following>;
  /**
   * Tells devices something, past any room. Devices that are not there are passed over in silence; those that are away get
   * it when they sync. Not limited by the rate of events (measured on a stock Synapse).
   */
  sendToDevice(type: string, messages: readonly ToDeviceMessage[], options?: RequestOptions): Promise<void>;
  /**
   * What comes for this device while any room is followed, or the lobby. It may come twice, and where two processes share
   * a device it may come to only one of them. `MAX_TO_DEVICE_BYTES` and `MAX_TO_DEVICE_MESSAGES` bound it.
   */
  onToDevice(listener: (message: ReceivedToDevice) => void): Stop;

  upload(bytes: Uint8Array, options: UploadOptions): Promise<MxcUri>;
  /** Over authenticated media (MSC3916): the token travels in a header, and to no other server. */
  download(uri: MxcUri, options: DownloadOptions): Promise<{ bytes: Uint8Array; type: string | null }>;

  /** Ends every connection that this homeserver made itself; a client that was handed in goes on. */
  stop(): void;
}
